/* SPDX-License-Identifier: EUPL-1.2 */
/* The words of the demonstration. Persons and organisations are invented. */
#include "demo.h"

const char *const demo_langs[DEMO_LANGS] = {"fr", "en", "ar"};

const char *const demo_orgs[] = {
    "Centre d'accueil des Deux-Rives",      "Bibliothèque du Pont",           "Service d'emploi Horizon",
    "Clinique juridique de la Basse-Ville", "Association des familles d'ici", "Parrains du canal",
};
const size_t demo_orgs_n = sizeof demo_orgs / sizeof *demo_orgs;

const struct demo_community demo_communities[] = {
    {.slug = "ottawa-ar",
     .languages = "ar fr en",
     .territory = "Ottawa",
     .hours = "mon-fri 09:00-17:00",
     .calendar = "CA-ON",
     .moderation = "full",
     .standard_hours = 24,
     .owner = 0,
     .partners = 2,
     .words =
         {{"Bienvenue à Ottawa, en arabe",
           "Des informations sûres et des personnes qui répondent, pour les arabophones nouvellement arrivés à Ottawa.",
           "Personnes réfugiées et nouvelles arrivantes de langue arabe",
           "Logement\nÉcole\nSanté\nTransport\nPapiers et allocations", "Politique\nReligion\nVie privée\nPublicité"},
          {"Welcome to Ottawa, in Arabic",
           "Trusted information and people who answer, for Arabic speakers who have just arrived in Ottawa.",
           "Arabic-speaking refugees and newcomers", "Housing\nSchool\nHealth\nTransport\nPapers and benefits",
           "Politics\nReligion\nPrivate life\nAdvertising"},
          {"أهلًا بكم في أوتاوا",
           "معلومات موثوقة وأشخاص يجيبون عن أسئلتكم، للناطقين بالعربية الذين وصلوا حديثًا إلى أوتاوا.",
           "اللاجئون والقادمون الجدد الناطقون بالعربية", "السكن\nالمدرسة\nالصحة\nالمواصلات\nالأوراق والإعانات",
           "السياسة\nالدين\nالحياة الخاصة\nالإعلانات"}},
     .guidelines_title = {"Nos règles de participation", "Our guidelines", "قواعد المشاركة"},
     .guidelines = {"Bienvenue. Ici, on s'entraide avec respect.\n\n- **Posez toutes vos questions** sur la vie à "
                    "Ottawa.\n- **Respectez chacun** : pas d'insultes, pas de menaces.\n- **Rien de personnel en "
                    "public** : ni téléphone, ni adresse, ni numéro de dossier. Écrivez-nous en privé.\n- Pas de "
                    "politique, pas de religion, pas de publicité.\n- Une personne de l'équipe vérifie les réponses.",
                    "Welcome. Here we help each other with respect.\n\n- **Ask any question** about life in Ottawa.\n- "
                    "**Respect everyone**: no insults, no threats.\n- **Nothing personal in public**: no telephone, "
                    "address or file number. Write to us in private.\n- No politics, no religion, no advertising.\n- "
                    "Somebody of the team checks the answers.",
                    "أهلًا وسهلًا. هنا نتعاون باحترام.\n\n- **اطرحوا كل أسئلتكم** عن الحياة في أوتاوا.\n- **احترموا "
                    "الجميع**: لا إهانات ولا تهديد.\n- **لا معلومات شخصية أمام الجميع**: لا رقم هاتف ولا عنوان ولا رقم "
                    "ملف. راسلونا على انفراد.\n- لا سياسة ولا دين ولا إعلانات.\n- أحد أعضاء الفريق يتحقق من الإجابات."},
     .welcome = {"Bienvenue parmi nous ! Posez votre première question quand vous voulez : quelqu'un vous répond en un "
                 "jour ouvrable.",
                 "Welcome! Ask your first question whenever you like: somebody answers within one business day.",
                 "أهلًا بكم بيننا! اطرحوا سؤالكم الأول متى شئتم: سيجيبكم أحدنا خلال يوم عمل واحد."},
     .screening = {{"Depuis quand êtes-vous à Ottawa ?", "Since when have you been in Ottawa?",
                    "منذ متى وأنتم في أوتاوا؟"},
                   {"Qu'attendez-vous de la communauté ?", "What do you hope to find here?",
                    "ماذا تنتظرون من هذه المجموعة؟"}}},
    {.slug = "vanier-fr",
     .languages = "fr en ar",
     .territory = "Ottawa–Gatineau",
     .hours = "mon-fri 08:30-12:00; mon-fri 13:00-16:30",
     .calendar = "CA-ON",
     .moderation = "full",
     .standard_hours = 48,
     .owner = 0,
     .partners = 5,
     .words =
         {{"Entraide francophone de Vanier",
           "Cinq organismes répondent ensemble à toutes les questions des nouveaux arrivants de langue française.",
           "Personnes nouvellement arrivées qui parlent français",
           "Emploi\nÉcoles de langue française\nGarderie\nSanté\nVie du quartier", "Publicité\nPolitique partisane"},
          {"French-speaking Vanier", "Five organisations answer all questions of French-speaking newcomers together.",
           "French-speaking newcomers", "Jobs\nFrench-language schools\nChild care\nHealth\nLife in the neighbourhood",
           "Advertising\nParty politics"},
          {"فانييه بالفرنسية", "خمس مؤسسات تجيب معًا عن جميع أسئلة القادمين الجدد الناطقين بالفرنسية.",
           "القادمون الجدد الناطقون بالفرنسية", "العمل\nالمدارس الفرنسية\nالحضانة\nالصحة\nحياة الحي",
           "الإعلانات\nالسياسة الحزبية"}},
     .guidelines_title = {"Lignes directrices", "Guidelines", "إرشادات المجموعة"},
     .guidelines =
         {"- On se parle **avec respect**, en français simple.\n- **Vos données restent à vous** : rien de personnel "
          "en public.\n- Les cinq organismes vérifient les réponses et vous disent où ils les ont trouvées.",
          "- We speak **with respect**, in plain French.\n- **Your data stay yours**: nothing personal in public.\n- "
          "The five organisations check the answers and say where they found them.",
          "- نتحدث **باحترام** وبلغة فرنسية بسيطة.\n- **معلوماتكم ملك لكم**: لا شيء شخصي أمام الجميع.\n- تتحقق "
          "المؤسسات الخمس من الإجابات وتذكر مصدرها."},
     .welcome = {"Bienvenue ! Une réponse vérifiée vous attend en deux jours ouvrables au plus.",
                 "Welcome! A verified answer reaches you within two business days.",
                 "أهلًا بكم! تصلكم إجابة موثوقة خلال يومَي عمل على الأكثر."},
     .screening = {{"Dans quel quartier habitez-vous ?", "Which part of the city do you live in?", "في أي حي تسكنون؟"},
                   {"Comment avez-vous connu la communauté ?", "How did you hear of us?", "كيف عرفتم بهذه المجموعة؟"}}},
    {.slug = "parrainage",
     .languages = "en fr ar",
     .territory = "Ottawa",
     .hours = "",
     .calendar = "CA-ON",
     .moderation = "light",
     .standard_hours = 0,
     .owner = 5,
     .partners = 0,
     .words = {{"Groupes de parrainage d'Ottawa",
                "Partager l'effort, les informations et les astuces entre groupes de parrainage.",
                "Groupes de parrainage et organismes qui les soutiennent", "Accueil\nLogement\nBudget\nÉcole",
                "Collectes de fonds commerciales"},
               {"Ottawa sponsorship groups", "Sharing effort, information and tips between sponsorship groups.",
                "Private sponsor groups and those who support them", "Welcome\nHousing\nBudget\nSchool",
                "Commercial fundraising"},
               {"مجموعات الكفالة في أوتاوا", "نتشارك الجهد والمعلومات والنصائح بين مجموعات الكفالة.",
                "مجموعات الكفالة ومن يدعمها", "الاستقبال\nالسكن\nالميزانية\nالمدرسة", "جمع التبرعات التجاري"}},
     .guidelines_title = {"Règles du forum", "Forum rules", "قواعد المنتدى"},
     .guidelines = {"- Des bénévoles passent de temps en temps.\n- Ne nommez jamais la famille que vous parrainez.",
                    "- Volunteers look in from time to time.\n- Never name the family you sponsor.",
                    "- يمرّ المتطوعون من وقت إلى آخر.\n- لا تذكروا أبدًا اسم العائلة التي تكفلونها."},
     .welcome = {"Bienvenue au forum des parrains.", "Welcome to the sponsors' forum.", "أهلًا بكم في منتدى الكفلاء."},
     .screening = {{"Quel groupe représentez-vous ?", "Which group do you speak for?", "أي مجموعة تمثلون؟"},
                   {"Où en êtes-vous ?", "Where are you in the process?", "إلى أين وصلتم؟"}}},
};
const size_t demo_communities_n = sizeof demo_communities / sizeof *demo_communities;

const struct demo_member demo_members[] = {
    {0, "سمر", "ar", {"منذ شهرين", "معلومات عن المدارس"}, false},
    {0, "أبو يزن", "ar", {"منذ أسبوع", "السكن"}, false},
    {0, "هدى", "ar", {"منذ سنة", "أساعد غيري"}, false},
    {0, "Karim", "fr", {"Trois mois", "Les papiers"}, false},
    {0, "نور", "ar", {"منذ ستة أشهر", "العمل"}, false},
    {0, "رامي", "ar", {"وصلت أمس", "كل شيء جديد عليّ"}, true},
    {0, "Lina", "en", {"Two weeks", "I look for a family doctor"}, true},
    {1, "Fatoumata", "fr", {"Vanier", "Par la bibliothèque"}, false},
    {1, "Jean-Baptiste", "fr", {"Overbrook", "Un ami"}, false},
    {1, "Mireille", "fr", {"Gatineau", "L'école de mes enfants"}, false},
    {1, "Ousmane", "fr", {"Vanier", "Une affiche"}, false},
    {1, "Clarisse", "fr", {"Vanier", "Le centre d'accueil"}, true},
    {2, "Helen", "en", {"A Group of Five in Westboro", "Family expected in March"}, false},
    {2, "David", "en", {"St. Mark's", "Sixth month"}, false},
};
const size_t demo_members_n = sizeof demo_members / sizeof *demo_members;

const struct demo_question demo_questions[] = {
    {0, 0, 2, 0, false, "ar", "كيف أسجّل أولادي في المدرسة؟ هل أحتاج إلى موعد؟", END_NEW, NULL, NULL, "school"},
    {0, 1, 5, 0, false, "ar", "هل يمكن أن يرفع صاحب البيت الإيجار بعد ثلاثة أشهر فقط؟", END_NEW, NULL, NULL, "housing"},
    {0, 4, 26, 0, false, "ar", "أين أجد دورة لغة إنجليزية مجانية في المساء؟", END_ASSIGNED, NULL, NULL, "language"},
    {0, 3, 30, 0, true, "fr",
     "J'ai reçu une lettre que je ne comprends pas, à propos de mon allocation. À qui la montrer ?", END_INTERIM, NULL,
     NULL, "benefits"},
    {0, 0, 170, 0, false, "ar", "ما هي الأوراق المطلوبة لاستخراج البطاقة الصحية؟", END_NEW, NULL, NULL, "health"},
    {0, 1, 200, 6, false, "ar", "كيف أشتري بطاقة الحافلة الشهرية، وهل يوجد سعر مخفّض؟", END_VERIFIED,
     "يمكنكم شراء البطاقة من محطات النقل أو عبر الإنترنت. هناك سعر مخفّض لأصحاب الدخل المحدود: قدّموا الطلب مع إثبات "
     "الدخل.",
     "Site de la société de transport, page des tarifs", "transport"},
    {0, 2, 300, 9, false, "ar", "متى تفتح المكتبة العامة يوم الأحد؟", END_ANSWERED,
     "معظم الفروع تفتح بعد الظهر. تأكدوا من فرعكم قبل الذهاب.", NULL, "daily-life"},
    {0, 4, 60, 0, false, "ar", "هل تحتاج رخصة القيادة السورية إلى ترجمة؟", END_MEMBER_ANSWER,
     "نعم، ترجمة معتمدة من مترجم معترف به، ثم تذهب إلى مركز الخدمات.", NULL, "papers"},
    {0, 0, 420, 12, false, "ar", "هل يدفع التأمين الصحي ثمن نظارات الأطفال؟", END_VERIFIED,
     "فحص العيون للأطفال مجاني. النظارات تُغطّى للعائلات التي تتلقى بعض الإعانات.",
     "Ministère de la Santé, page des soins de la vue", "health"},
    {0, 2, 500, 2, false, "ar", "أبحث عن نادي كرة قدم لابني، عمره تسع سنوات.", END_REFERRED, NULL, NULL, "leisure"},
    {1, 7, 3, 0, false, "fr", "Comment inscrire ma fille dans une école de langue française en cours d'année ?",
     END_NEW, NULL, NULL, "school"},
    {1, 8, 28, 0, false, "fr", "Mon diplôme d'infirmier n'est pas reconnu ici. Par où commencer ?", END_ASSIGNED, NULL,
     NULL, "credentials"},
    {1, 9, 52, 0, false, "fr", "Y a-t-il une garderie subventionnée près de Vanier avec des places ?", END_INTERIM,
     NULL, NULL, "child-care"},
    {1, 10, 240, 0, false, "fr", "Où faire remplir ma première déclaration de revenus gratuitement ?", END_NEW, NULL,
     NULL, "taxes"},
    {1, 7, 330, 20, false, "fr", "Quels papiers faut-il pour ouvrir un compte en banque ?", END_VERIFIED,
     "Deux pièces d'identité suffisent, par exemple le permis de séjour et une carte avec votre nom. La banque ne peut "
     "pas exiger un emploi.",
     "Agence de la consommation en matière financière, page « Ouvrir un compte »", "money"},
    {1, 9, 600, 30, false, "fr", "Qui peut m'aider à préparer mon curriculum vitæ ?", END_ANSWERED,
     "Le Service d'emploi Horizon reçoit sans rendez-vous le mardi matin.", NULL, "jobs"},
    {1, 8, 700, 4, false, "fr", "Est-ce que le centre prête des manteaux d'hiver ?", END_CLOSED, NULL, NULL,
     "daily-life"},
    {2, 12, 20, 0, false, "en", "Has anyone found a landlord who rents to a family before they arrive?", END_NEW, NULL,
     NULL, "housing"},
    {2, 13, 90, 5, false, "en", "What do you budget for phones and internet in the first month?", END_MEMBER_ANSWER,
     "We took one prepaid plan for each adult and asked the library for a free hotspot.", NULL, "budget"},
};
const size_t demo_questions_n = sizeof demo_questions / sizeof *demo_questions;

const struct demo_entry demo_entries[] = {
    {0,
     "school",
     "Conseil scolaire, page « Inscription »",
     {"Comment inscrire un enfant à l'école ?", "How do I register a child for school?", "كيف أسجّل طفلي في المدرسة؟"},
     {"Allez à l'école de votre quartier avec un papier qui montre votre adresse, une pièce d'identité de l'enfant et "
      "son carnet de vaccination. Aucun rendez-vous n'est nécessaire. L'école est gratuite.",
      "Go to the school of your neighbourhood with a paper that shows your address, an identity document of the child "
      "and the vaccination record. No appointment is needed. School is free.",
      "اذهبوا إلى مدرسة الحي ومعكم ورقة تثبت عنوانكم ووثيقة هوية الطفل وسجل التطعيم. لا حاجة إلى موعد. المدرسة "
      "مجانية."}},
    {0,
     "health",
     "Ministère de la Santé, page « Carte Santé »",
     {"Quels papiers pour la carte Santé ?", "Which papers are needed for the health card?",
      "ما الأوراق المطلوبة للبطاقة الصحية؟"},
     {"Il faut trois papiers : un qui montre votre statut, un avec votre adresse, un avec votre nom et votre "
      "signature. La demande se fait dans un centre de services.",
      "Three papers: one that shows your status, one with your address, one with your name and signature. You apply at "
      "a service centre.",
      "تحتاجون إلى ثلاث أوراق: واحدة تثبت وضعكم القانوني، وواحدة عليها عنوانكم، وواحدة عليها اسمكم وتوقيعكم. يُقدَّم "
      "الطلب في مركز الخدمات."}},
    {0,
     "housing",
     "Commission de la location immobilière, guide du locataire",
     {"Le propriétaire peut-il augmenter le loyer ?", "May the landlord raise the rent?",
      "هل يمكن لصاحب البيت رفع الإيجار؟"},
     {"Une fois tous les douze mois au plus, avec un avis écrit de 90 jours, et pas plus que le taux fixé chaque "
      "année.",
      "At most once in twelve months, with a written notice 90 days ahead, and not more than the rate set for the "
      "year.",
      "مرة واحدة كل اثني عشر شهرًا على الأكثر، بإشعار خطي قبل تسعين يومًا، وبما لا يزيد على النسبة المحددة لتلك السنة."}},
    {1,
     "school",
     "Conseil des écoles de langue française, page « Inscription »",
     {"Inscrire un enfant en cours d'année", "Registering a child during the school year",
      "تسجيل طفل خلال السنة الدراسية"},
     {"C'est possible toute l'année. Appelez l'école la plus proche : elle fixe une rencontre et évalue le niveau.",
      "It is possible all year round. Call the nearest school: it sets a meeting and looks at the level.",
      "ذلك ممكن طوال السنة. اتصلوا بأقرب مدرسة لتحديد لقاء وتقييم المستوى."}},
};
const size_t demo_entries_n = sizeof demo_entries / sizeof *demo_entries;
