/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/main/main_test.h"

#include "main/cli.h"
#include "main/commands.h"

/* What the command that ran was given. */
static struct {
    const char *ran;
    size_t words;
    char first[64], name[64], empty[64];
    bool given_name, given_force;
    int64_t hours;
} seen;

static void keep(char out[64], struct sv v)
{
    (void)snprintf(out, 64, "%.*s", SV_ARG(v));
}

static int note(struct cli *cli)
{
    seen.ran = cli->command->name;
    seen.words = cli->n_words;
    keep(seen.first, cli->n_words ? cli->words[0] : (struct sv){0});
    keep(seen.name, cli_value(cli, "--name"));
    keep(seen.empty, cli_value(cli, "--no-such"));
    seen.given_name = cli_given(cli, "--name");
    seen.given_force = cli_given(cli, "--force");
    seen.hours = cli_int(cli, "--hours", 24);
    return 7;
}

static const struct cli_option add_options[] = {
    {"--name", "NAME", "its name", CLI_REQUIRED}, {"--hours", "N", "hours", 0}, {"--force", NULL, "do it", 0}, {0}};
static const struct cli_command user = {"user", "People.", "passerelle user", "Teaches user.", NULL, note};
static const struct cli_command user_add = {"user add",        "Adds one.", "passerelle user add LOGIN --name NAME",
                                            "Teaches adding.", add_options, note};
static const struct cli_command *const commands[] = {&user, &user_add};

struct call_of {
    const char *argv[16];
    int argc;
};

static int call(void *arg)
{
    struct call_of *k = arg;
    struct arena a;
    char *argv[17] = {0};
    arena_init(&a, 1024 * 1024);
    for (int i = 0; i < k->argc; i++)
        argv[i] = arena_z(&a, sv_of(k->argv[i]));
    int rc = cli_main(k->argc, argv, commands, 2, &a);
    arena_finish(&a);
    return rc;
}

static struct said said;

/* SAY("user", "add", …): runs the words as typed behind the program's name. */
#define SAY(...)                                                                                                       \
    do {                                                                                                               \
        struct call_of k = {{"passerelle", __VA_ARGS__}, 0};                                                           \
        while (k.argc < 16 && k.argv[k.argc])                                                                          \
            k.argc++;                                                                                                  \
        memset(&seen, 0, sizeof seen);                                                                                 \
        say_to(&said, call, &k);                                                                                       \
    } while (0)

static void the_longest_command_wins(void **state)
{
    (void)state;
    SAY("user", "add", "nadia", "--name", "Nadia Benali");
    assert_int_equal(said.rc, 7); /* the command's own code */
    assert_string_equal(seen.ran, "user add");
    assert_int_equal(seen.words, 1);
    assert_string_equal(seen.first, "nadia");
    assert_string_equal(seen.name, "Nadia Benali");
    assert_string_equal(said.err, "");
    SAY("user", "list");
    assert_string_equal(seen.ran, "user"); /* and what it does not know is its word */
    assert_string_equal(seen.first, "list");
}

static void values_in_both_spellings(void **state)
{
    (void)state;
    SAY("user", "add", "--name=A=B", "--hours", "48", "--force");
    assert_string_equal(seen.name, "A=B"); /* only the first sign parts */
    assert_int_equal(seen.hours, 48);
    assert_true(seen.given_force);
    SAY("user", "add", "--name=", "--hours", "soon");
    assert_true(seen.given_name);
    assert_string_equal(seen.name, "");
    assert_int_equal(seen.hours, 24); /* not a number: as if not given */
    assert_false(seen.given_force);
    SAY("user", "add", "--name", "--force"); /* what stands behind an option is its value */
    assert_string_equal(seen.name, "--force");
    assert_false(seen.given_force);
    assert_string_equal(seen.empty, "");
}

static void wrong_use_says_how(void **state)
{
    (void)state;
    SAY("user", "add", "--nam", "x");
    assert_int_equal(said.rc, 2);
    assert_null(seen.ran);
    assert_non_null(strstr(said.err, "there is no option --nam"));
    assert_non_null(strstr(said.err, "Usage: passerelle user add LOGIN --name NAME"));
    SAY("user", "add", "--name", "x", "--colour=red");
    assert_int_equal(said.rc, 2);
    assert_non_null(strstr(said.err, "there is no option --colour"));
    assert_null(strstr(said.err, "red")); /* a value may be a secret */
    SAY("user", "add", "--name");
    assert_int_equal(said.rc, 2);
    assert_non_null(strstr(said.err, "a value is missing behind --name"));
    SAY("user", "add", "nadia");
    assert_int_equal(said.rc, 2);
    assert_non_null(strstr(said.err, "this option is needed: --name"));
    SAY("user", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assert_int_equal(said.rc, 2);
    assert_non_null(strstr(said.err, "too many words: 9"));
    SAY("user", "1", "2", "3", "4", "5", "6", "7", "8");
    assert_int_equal(seen.words, CLI_WORDS_MAX);
    SAY("user", "--name", "x"); /* an option of another command */
    assert_int_equal(said.rc, 2);
}

static void an_unknown_command_shows_the_list(void **state)
{
    (void)state;
    SAY("usr");
    assert_int_equal(said.rc, 2);
    assert_non_null(strstr(said.err, "there is no command \"usr\""));
    assert_non_null(strstr(said.out, "user add"));
    assert_non_null(strstr(said.out, "Adds one."));
    SAY(NULL);
    assert_int_equal(said.rc, 2);
    assert_non_null(strstr(said.out, "user add"));
}

static void help_teaches(void **state)
{
    (void)state;
    SAY("--help");
    assert_int_equal(said.rc, 0);
    assert_non_null(strstr(said.out, "user add"));
    SAY("help");
    assert_int_equal(said.rc, 0);
    SAY("user", "add", "--help");
    assert_int_equal(said.rc, 0);
    assert_null(seen.ran); /* although --name is missing */
    static const char *const parts[] = {"Adds one.", "Usage: passerelle user add", "Teaches adding.", "--hours N",
                                        "its name"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(said.out, parts[i]))
            fail_msg("the help says nothing of \"%s\":\n%s", parts[i], said.out);
    assert_string_equal(said.err, "");
}

/* Each command of the product says in words what it does and how; no option twice. */
static void every_command_of_the_product_teaches(void **state)
{
    (void)state;
    static const struct cli_command *const all[] = {
        &cmd_serve,        &cmd_init,          &cmd_demo_load,      &cmd_demo_remove,      &cmd_user_add,
        &cmd_user_list,    &cmd_user_disable,  &cmd_user_reset,     &cmd_token_add,        &cmd_channel_add,
        &cmd_channel_list, &cmd_community_add, &cmd_community_list, &cmd_community_export, &cmd_community_import,
        &cmd_migrate,      &cmd_backup,        &cmd_restore,        &cmd_audit_verify,     &cmd_doctor};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct cli_command *c = all[i];
        char begin[64];
        (void)snprintf(begin, sizeof begin, "passerelle %s", c->name);
        assert_true(c->summary && *c->summary && c->teach && *c->teach && c->run);
        assert_memory_equal(c->usage, begin, strlen(begin));
        size_t n = 0;
        for (; c->options && c->options[n].name; n++) {
            assert_memory_equal(c->options[n].name, "--", 2);
            assert_true(c->options[n].help && *c->options[n].help);
            for (size_t k = 0; k < n; k++)
                assert_string_not_equal(c->options[n].name, c->options[k].name);
        }
        assert_true(n <= CLI_OPTIONS_MAX);
    }
}

static int fail_it(void *arg)
{
    return cli_fail("cannot read %s: %d", (const char *)arg, 5);
}

static void a_failure_is_one_line_and_code_1(void **state)
{
    (void)state;
    say_to(&said, fail_it, "notes.txt");
    assert_int_equal(said.rc, 1);
    assert_string_equal(said.err, "passerelle: cannot read notes.txt: 5\n");
    assert_string_equal(said.out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_command_wins),
        cmocka_unit_test(values_in_both_spellings),
        cmocka_unit_test(wrong_use_says_how),
        cmocka_unit_test(an_unknown_command_shows_the_list),
        cmocka_unit_test(help_teaches),
        cmocka_unit_test(every_command_of_the_product_teaches),
        cmocka_unit_test(a_failure_is_one_line_and_code_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
