"""Information security."""

from saksgang.demo.stories.story import DETOUR, FAULT, ONE, REQUEST, SECURITY, STOPS, WARDS, Story

STORIES = (
    Story(
        "svindel-epost",
        REQUEST,
        "Informasjonssikkerhet",
        ONE,
        SECURITY,
        ("Mistenkelig e-post", "Er denne e-posten ekte?"),
        (
            "Jeg fikk en e-post som ber meg bekrefte passordet. Jeg har ikke trykket på lenken. Er den ekte?",
            "Det kommer e-poster om en pakke jeg ikke har bestilt. Flere {hos} har fått dem.",
        ),
        "Takk for at du spurte først. Den er falsk. Slett den.",
        "E-posten var svindel. Vi har sperret avsenderen og fjernet e-posten hos alle som fikk den. Fint at du sa fra.",
        handover="Mistenkelig e-post vurderes av Informasjonssikkerhet.",
        ask="Trykket du på lenken eller skrev inn noe?",
        reply="Nei, jeg åpnet bare selve e-posten.",
    ),
    Story(
        "trykket-lenke",
        FAULT,
        "Informasjonssikkerhet",
        ONE,
        SECURITY,
        ("Jeg trykket på en lenke", "Skrev inn passordet på feil side"),
        (
            "Jeg trykket på en lenke i en e-post og skrev inn passordet mitt. Så ble jeg usikker.",
            "PC-en åpnet en rar side etter at jeg trykket på et vedlegg. Jeg har trukket ut kabelen.",
        ),
        "Det var riktig å si fra. Vi har sperret kontoen og ringer deg nå for å lage nytt passord.",
        "Kontoen er sikret med nytt passord. Vi har sett gjennom loggen, og ingen andre har vært inne.",
        consequence=STOPS,
        technical="Økter avsluttet, passord byttet, påloggingslogg for sju dager er gjennomgått.",
        handover="Sikkerhetshendelse.",
        note="Ringt brukeren på kjent nummer. Ingen tegn til misbruk.",
    ),
    Story(
        "minnepinne",
        REQUEST,
        "Informasjonssikkerhet",
        ONE,
        SECURITY,
        ("Fant en minnepinne i gangen", "Kan jeg bruke minnepinne?"),
        (
            "Vi fant en minnepinne i gangen {hos}. Hva gjør vi med den?",
            "Jeg skal holde foredrag et annet sted. Kan jeg ta med filene på minnepinne?",
        ),
        "Ikke sett den i en PC. Lever den i Servicesenteret.",
        "Ukjente minnepinner leveres i Servicesenteret, og egne må krypteres. Vi har gitt deg en som er klar til bruk.",
    ),
    Story(
        "skjerm-last",
        FAULT,
        "Informasjonssikkerhet",
        WARDS,
        SECURITY,
        ("PC-en i korridoren låser seg ikke", "Skjermen står åpen"),
        (
            "PC-en i korridoren {hos} låser seg ikke av seg selv. Alle som går forbi, kan se skjermen.",
            "Skjermene på venterommet viser pålogget bruker lenge etter at vi har gått.",
        ),
        "Vi setter kortere tid før låsing på PC-er i fellesarealer.",
        "PC-ene i korridoren låser seg nå etter to minutter, og straks når kortet tas ut.",
        consequence=DETOUR,
        handover="Regler for låsing settes av Informasjonssikkerhet.",
        plan="Endringen rulles ut {dato} på alle PC-er i fellesarealer.",
        plan_reason="Rulles ut sammen med månedens oppdatering.",
    ),
)
