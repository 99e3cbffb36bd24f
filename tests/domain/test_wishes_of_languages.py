"""Wishes in six more languages: ways of saying that one wants no more messages, and what only looks like one."""

import pytest

from gateway.domain.consent import ConsentWord, classify

WISHES = {
    "Spanish": (
        "no me envíen más mensajes", "No me escriban más por favor", "no me mandes mas", "Dejen de enviarme mensajes",
        "deja de escribirme", "Por favor dejen de molestar", "No quiero recibir más mensajes",
        "ya no quiero sus promociones", "no quiero mensajes", "No más mensajes", "basta de publicidad",
        "quiero darme de baja", "Denme de baja por favor", "Baja", "quítenme de la lista",
        "Sáquenme de su lista por favor", "bórrame del grupo", "borren mi número", "déjenme en paz",
        "Número equivocado", "se equivocaron de número", "desuscribirme", "quiero dejar de recibir esto",
        "No deseo recibir mas correos", "cancelar suscripción", "no me llamen nunca más",
    ),
    "French": (
        "Arrêtez de m'envoyer des messages", "arrete de m'ecrire", "arrêtez vos sms svp",
        "Ne m'envoyez plus de messages", "ne m'écrivez plus", "Ne me contactez plus jamais", "plus de messages svp",
        "Plus de SMS merci", "Je ne veux plus recevoir vos messages", "je veux plus de vos pubs",
        "Je ne souhaite plus être contactée", "Je ne veux plus de messages", "me désinscrire de la liste svp",
        "Désabonnez-moi", "je veux me désabonner", "Désinscription", "désinscrivez moi svp",
        "retirez-moi de votre liste", "Supprimez mon numéro", "Laissez-moi tranquille", "laisse moi en paix",
        "Mauvais numéro", "erreur de numéro", "Vous vous trompez de personne", "STOP PUB", "Arrêt", "arrêtez",
        "cessez de me harceler", "fichez-moi la paix",
    ),
    "Portuguese": (
        "Parem de me enviar mensagens", "pare de mandar mensagem", "Não me enviem mais mensagens", "não mande mais",
        "nao me ligue mais por favor", "Não quero mais receber mensagens", "não quero receber suas promoções",
        "Não quero mais mensagens", "chega de mensagens", "quero me descadastrar", "Me descadastre",
        "cancelar inscrição", "me tire da lista", "Me removam dessa lista por favor", "remova-me da lista",
        "apaguem meu número", "Exclua o meu contato", "me deixe em paz", "Deixem-me em paz", "Número errado",
        "pessoa errada", "sem mais mensagens",
    ),
    "Italian": (
        "Smettete di scrivermi", "smettila di mandarmi messaggi", "basta messaggi", "Basta con questi sms",
        "Non scrivetemi più", "non mi chiamate più", "Non mandatemi più nulla", "Non voglio più ricevere messaggi",
        "non voglio messaggi", "Non desidero più essere contattato", "Cancellatemi dalla lista",
        "toglimi dalla vostra lista", "Rimuovetemi dalla mailing list", "disiscrivetemi", "Disiscrizione",
        "Cancellate il mio numero", "Lasciatemi in pace", "lasciami stare", "Numero sbagliato",
        "ha sbagliato persona", "annullare l'iscrizione",
    ),
    "Dutch": (
        "Stop met sms'en", "Stop aub met berichten sturen", "hou op met appen", "Houd eens op met mailen",
        "Geen berichten meer", "geen sms meer aub", "Geen reclame meer sturen",
        "Ik wil geen berichten meer ontvangen", "stuur me geen berichten meer", "Bel mij niet meer",
        "app me nooit meer", "Schrijf mij uit", "Meld me aub af", "Uitschrijven", "ik wil me graag uitschrijven",
        "Haal mij van de lijst", "haal me uit jullie bestand", "Verwijder mijn nummer", "Laat me met rust",
        "laat mij nu met rust", "Verkeerd nummer", "Verkeerde persoon", "Geen interesse in jullie aanbiedingen",
        "afmelden voor deze berichten",
    ),
    "Polish": (
        "Nie piszcie do mnie więcej", "nie pisz do mnie", "Proszę nie wysyłać mi więcej wiadomości",
        "Nie dzwońcie już", "przestańcie pisać", "Proszę przestać wysyłać SMS-y", "Nie chcę więcej wiadomości",
        "nie chce dostawać smsów", "Nie życzę sobie takich wiadomości", "Koniec z reklamami", "Usuńcie mnie z listy",
        "Proszę mnie wypisać", "wypisz mnie z newslettera", "Proszę usunąć mój numer", "Rezygnuję z powiadomień",
        "Dajcie mi spokój", "Zostawcie mnie w spokoju", "Zły numer", "Pomyłka", "to pomyłka", "pomyliliście numer",
        "Wypisz",
    ),
}  # fmt: skip
OTHER_TALK = {
    "Spanish": (
        "no quiero ofertas de otro color", "Ya no quiero mensajes de error", "no dejen de escribirme",
        "No me borren de la lista", "¿Tienen más mensajes así?", "Quiero más información", "no quiero cebolla",
        "No más pan, gracias", "no me envíes más de dos", "Dejé de recibir sus mensajes, ¿por qué?",
        "No recibí mensajes", "Quiero dar de baja mi línea", "Estoy de baja esta semana", "para mañana por favor",
        "no me llamen antes de las 9", "quítenle la cebolla", "¿me saca de la lista de espera?", "No, gracias",
        "deja la caja en la puerta", "te equivocas, era el martes", "más tarde", "Basta con una", "elimine el azúcar",
        "no quiero que dejen de mandarme ofertas", "Necesito cancelar mi cita",
    ),
    "French": (
        "Je veux plus de messages comme ça", "Merci de me désinscrire du cours", "Supprimez mon numéro de commande",
        "n'arrêtez pas de m'écrire", "Je ne reçois plus de messages", "plus de messages depuis hier ?",
        "Le plus tôt possible", "Je n'en veux plus, merci pour le pain", "je veux plus de sauce",
        "Le bus s'arrête où ?", "Mon arrêt est Bastille", "Laissez-moi votre adresse",
        "laissez le colis chez le voisin", "je ne veux pas me désabonner", "Retirez les oignons",
        "Supprimez ma commande svp", "Vous vous trompez de date", "Plus tard merci", "Ne m'appelez pas avant 9h",
        "en plus je voudrais un sms de confirmation", "Je ne veux plus de la rouge",
        "Je suis intéressée par vos offres",
    ),
    "Portuguese": (
        "me tire da lista de espera", "não parem de me enviar ofertas", "Não me tirem da lista",
        "Quero receber mais mensagens", "Não quero cebola", "não me mande mais de dois",
        "Não recebi mais mensagens, o que houve?", "mais tarde", "para amanhã", "me tire uma dúvida",
        "pare em frente à loja", "O tamanho está errado", "apague a luz", "chega amanhã?", "Não mais que dois",
        "remova a cebola", "me deixe na porta", "Não quero mais a vermelha",
    ),
    "Italian": (
        "Ho finito di scrivere il modulo", "Cancellatemi dalla lista d'attesa", "ha sbagliato numero di scarpe",
        "non smettete di scrivermi", "Non toglietemi dalla lista", "Non ricevo più messaggi, perché?",
        "voglio più messaggi", "basta così, grazie", "Basta una foto", "non mi chiamate prima delle 9",
        "Non voglio cipolla", "Cancellami l'appuntamento", "togli la cipolla", "lasciami il pacco dal vicino",
        "Taglia sbagliata", "non voglio più la rossa", "Più tardi", "La lista è finita?",
        "non scriva più di due righe", "Ho finito i documenti",
    ),
    "Dutch": (
        "Bel me niet meer vandaag", "verwijder mijn gegevens niet", "Ik heb het verkeerde nummer gekregen",
        "stop niet met appen", "Ik krijg geen berichten meer, hoe kan dat?", "Waarom ontvang ik geen sms meer",
        "geen probleem", "Haal me van het station", "Geen ui aub", "ik kan me niet afmelden",
        "Welke halte is de volgende stop", "stuur me niet meer dan twee", "laat me weten of het kan",
        "Ik heb geen tijd meer", "verwijder de ui", "Verkeerde maat", "Bel me morgen", "meer berichten graag",
        "wil je geen ui", "Schrijf mij een mail",
    ),
    "Polish": (
        "usuńcie mnie z listy oczekujących", "To zły numer zamówienia", "Nie chcę maili z fakturą",
        "nie przestawajcie pisać", "Nie wypisujcie mnie", "Nie dostałam wiadomości", "nie chcę cebuli",
        "Nie ma problemu", "nie dzwońcie przed 9", "Proszę o więcej wiadomości", "nie wiem", "Zły rozmiar",
        "To nie pomyłka", "Wypisz mi receptę", "Usuńcie cebulę", "spokojnie, mam czas",
        "nie wysyłajcie więcej niż dwie", "Nie piszę już książek", "Koniec ulicy",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(one, text) for one, texts in WISHES.items() for text in texts])
def test_a_wish_is_asked_about(language: str, text: str) -> None:
    assert classify(text) is ConsentWord.SUGGEST, language
    assert classify(f"  {text.upper()}!!! \n") is ConsentWord.SUGGEST, language


@pytest.mark.parametrize(("language", "text"), [(one, text) for one, texts in OTHER_TALK.items() for text in texts])
def test_near_misses_are_none(language: str, text: str) -> None:
    assert classify(text) is ConsentWord.NONE, language
    assert classify(text.upper()) is ConsentWord.NONE, language
