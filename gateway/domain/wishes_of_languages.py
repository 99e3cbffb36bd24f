"""How people say that they want no more messages in Spanish, French, Portuguese, Italian, Dutch and Polish.

The patterns read words without accents and apostrophes. Each is a way of saying it that says
nothing else: "no me envíen más", and not "no más pan"; "haal me van de lijst", and not "haal me van het station".
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_LETTERS = str.maketrans({"\u0142": "l", "\u00f8": "o"})  # l with a stroke has no accent that could be taken away
_ACCENTS = re.compile("[\u0300-\u036f]+")  # those of Latin letters: the only ones in these languages


def bare(said: str) -> str:
    """Folded words without their accents."""
    if said.isascii():
        return said
    return _ACCENTS.sub("", unicodedata.normalize("NFD", said.translate(_LETTERS)))


_ES_KIND = (
    r"(?:mensajes?|mensajitos|sms|textos|correos?|mails?|emails?|llamadas|publicidad|propaganda|promociones|ofertas"
    r"|anuncios|avisos|notificaciones|spam)"
)
_ES_SEND = r"(?:env|mand|escrib|contact|llam|molest|spame|acos)"
_SPANISH = rf"""
      \bno\s+(?:me\s+|nos\s+)?{_ES_SEND}\w*\s+(?:ya\s+)?(?:nunca\s+|ningun\s+|ninguna\s+)?mas
        (?:\s+(?:{_ES_KIND}|por\s+favor|porfa|gracias|nada|esto|estos|estas|aqui))*$
    | \b(?:deje|dejen|deja|dejad|paren|pare|para)\s+(?:ya\s+)?de\s+{_ES_SEND}\w*
    | \b(?:quiero|queremos|deseo)\s+dejar\s+de\s+recibir\b
    | \b(?:ya\s+)?no\s+(?:quiero|deseo|queremos)\s+(?:seguir\s+)?(?:recib\w+\s+)?(?:mas\s+|sus\s+|tus\s+|estos\s+
        |estas\s+)*{_ES_KIND}\b(?!\s+de\s+(?:otr|err|conf))
    | ^(?:por\s+favor\s+)?no\s+mas\s+{_ES_KIND}\b | \bbasta\s+(?:ya\s+)?de\s+{_ES_KIND}\b
    | \b(?:denme|deme|dame|darme|darnos|dadme)\s+de\s+baja\b(?!\s+(?:el|mi|la\s+(?:linea|tarjeta|cuenta)))
    | ^(?:por\s+favor\s+)?(?:baja|de\s+baja|parar|paren|pare|cancelar)(?:\s+por\s+favor)?$
    | \b(?:me\s+(?:borr|elimin|quit|sac)(?:a|as|e|en)|(?:borr|elimin|quit|sac|saqu)(?:a|e|en|ad)(?:me|nos))\s+
        (?:de|del)\s+(?:\w+\s+)?(?:lista|listado|base|grupo|agenda|sistema|envios)\b(?!\s+de\s+espera)
    | \b(?:borr|elimin|quit)(?:a|e|en|ad)\s+mi\s+(?:numero|telefono|correo|contacto)\b
    | \b(?:deja|deje|dejen|dejad)(?:me|nos)\s+(?:ya\s+)?(?:en\s+paz|tranquil[oa]s?)\b
    | \b(?:numero|persona)\s+equivocad[oa]\b | \b(?:te|se|os)\s+equivoc\w+\s+de\s+(?:numero|persona)\b
    | \b(?:desuscrib|desuscr\u00edb)(?:ir(?:me)?|e?me|anme)\b | ^cancelar\s+(?:la\s+|mi\s+)?suscripcion$
"""
_FR_KIND = (
    r"(?:messages?|sms|textos?|mails?|e-?mails?|courriels?|appels?|pubs?|publicites?|promos?|promotions?|offres?"
    r"|notifications?|newsletters?|spams?)"
)
_FR_SEND = r"(?:envoy|envoi|ecri|contact|appel|harcel|spam|embet|derang|importun)"
_FRENCH = rf"""
      \b(?:arrete[zr]?|cesse[zr]?)\s+(?:de\s+|d)?(?:me\s+|nous\s+|m|n)?\s?{_FR_SEND}\w*
    | \b(?:arrete[zr]?|cesse[zr]?|stoppe[zr]?)\s+(?:avec\s+)?(?:tous\s+)?(?:les|vos|ces|tes|la|votre
        |cette)\s+{_FR_KIND}\b
    | \b(?:ne\s+)?(?:me\s+|nous\s+|m)\s?{_FR_SEND}\w*\s+plus(?:\s+(?:jamais|de|vos|ces|rien|{_FR_KIND}|svp|merci
        |sil\s+vous\s+plait))*$
    | ^(?:svp\s+|merci\s+de\s+)?plus\s+(?:de|aucun)\s+{_FR_KIND}(?:\s+(?:svp|merci|sil\s+vous\s+plait
        |sil\s+te\s+plait))*$
    | \bje\s+(?:ne\s+)?(?:veux|souhaite|desire)\s+plus\s+(?:jamais\s+)?(?:recevoir|etre\s+(?:contacte|derange
        |appele)\w*
        |(?:de\s+)?(?:vos|ces|tes)\s+{_FR_KIND})
    | \bje\s+ne\s+(?:veux|souhaite|desire)\s+plus\s+de\s+{_FR_KIND}
    | \b(?:desabonne[zr]?|desinscri\w+)[\s-](?:moi|nous)\b
    | \bme\s+(?:desabonner|desinscrire)\b(?!\s+(?:du|de|des|d)\b(?!.*\b(?:liste|{_FR_KIND})))
    | ^(?:desabonnement|desinscription|desabonner|desinscrire|stop\s+pub|arret|arreter|arretez)(?:\s+(?:svp|merci))?$
    | \b(?:retire|supprime|enleve|efface|raye|ote)z?[\s-](?:moi|nous)\s+(?:de|du)\b
    | \b(?:retire|supprime|enleve|efface)[zr]?\s+mon\s+(?:numero(?!\s+de\s+(?!tel|port))|mail|e-?mail|adresse|contact)\b
    | \blaisse[zr]?[\s-](?:moi|nous)\s+(?:tranquilles?|en\s+paix)\b | \b(?:fich|fout)(?:ez|es)?[\s-]moi\s+la\s+paix\b
    | \b(?:mauvais|faux)\s+numero\b | \berreur\s+de\s+(?:numero|personne)\b
    | \b(?:trompez|trompe|trompes)\s+de\s+(?:numero|personne)\b
"""
_PT_KIND = (
    r"(?:mensagens|mensagem|sms|textos|e-?mails?|ligacoes|chamadas|publicidade|propagandas?|promocoes|ofertas"
    r"|anuncios|avisos|notificacoes|spam)"
)
_PT_SEND = r"(?:envi|mand|escrev|contact|contat|lig|chame|incomod|perturb|chate)"
_PORTUGUESE = rf"""
      \b(?:pare|parem|parar|para|chega)\s+(?:ja\s+)?de\s+(?:me\s+|nos\s+)?{_PT_SEND}\w*
    | \bnao\s+(?:me\s+|nos\s+)?{_PT_SEND}\w*(?:-me|\s+me)?\s+(?:nunca\s+)?mais
        (?:\s+(?:{_PT_KIND}|por\s+favor|pf|obrigad[oa]|nada|nenhuma?))*$
    | \b(?:ja\s+)?nao\s+(?:quero|queremos|desejo|gostaria\s+de)\s+(?:mais\s+)?(?:receber\s+)?(?:mais\s+|suas\s+
        |essas\s+|estas\s+|nenhuma\s+)*{_PT_KIND}\b
    | \b(?:chega|basta)\s+de\s+{_PT_KIND}\b | ^(?:por\s+favor\s+)?(?:sem\s+mais|nao\s+mais|nada\s+de)\s+{_PT_KIND}
    | \b(?:descadastr\w+|dessubscrev\w+|desinscrev\w+)
    | ^cancelar\s+(?:a\s+|minha\s+)?(?:inscricao|subscricao)$
    | \bme\s+(?:tir|remov|retir|exclu|apag|risqu)\w+\s+(?:da|de|do|dessa|desta|desse)\s+(?:\w+\s+)?(?:lista|grupo
        |cadastro|base|sistema)(?!\s+de\s+espera)
    | \b(?:tire|tirem|remova|removam|retire|retirem|risque|exclua)-me\s+(?:da|de|do|dessa|desta)\b
    | \b(?:apague|apaguem|remova|removam|exclua|excluam|tire|tirem|elimine|eliminem)\s+(?:o\s+)?meu\s+(?:numero
        |contat|contact|e-?mail|telefone|telemovel)
    | \bme\s+deixe[mi]?\s+em\s+paz\b | \bdeixe?[mai]?-me\s+em\s+paz\b
    | \bnumero\s+errado\b | \bpessoa\s+errada\b
"""
_IT_KIND = (
    r"(?:messaggi|messaggio|sms|mail|e-?mail|chiamate|telefonate|pubblicita|promozioni|offerte|notifiche|spam"
    r"|newsletter)"
)
_IT_SEND = r"(?:scriv|mand|invi|contatt|chiam|disturb|tempest|telefon|spamm)"
_ITALIAN = rf"""
      \b(?:smett\w*|finitela|finiscila|piantatela|piantala)\s+(?:subito\s+)?(?:di|con)\s+(?:mi\s+)?(?:i\s+|questi\s+|queste\s+|le\s+)?
        (?:{_IT_SEND}|{_IT_KIND})\w*
    | \bbasta\s+(?:con\s+)?(?:i\s+|gli\s+|le\s+|questi\s+|queste\s+|di\s+|la\s+)?(?:{_IT_KIND}|{_IT_SEND}\w+mi)\b
    | \bnon\s+(?:mi\s+|ci\s+)?{_IT_SEND}\w*\s+(?:mai\s+)?piu(?:\s+(?:{_IT_KIND}|nulla|niente|per\s+favore|grazie
        |nessun\w*))*$
    | \bnon\s+(?:voglio|vogliamo|desidero|vorrei)\s+(?:mai\s+)?(?:piu\s+)?(?:ricevere\s+)?(?:piu\s+|altr[ie]\s+
        |i\s+vostri\s+|le\s+vostre\s+|vostr[ie]\s+|quest[ie]\s+)*{_IT_KIND}\b
    | \bnon\s+(?:voglio|desidero|vorrei)\s+piu\s+(?:essere\s+(?:contattat|disturbat|chiamat)|ricever)
    | \b(?:cancell|togli|rimuov|elimin|disiscriv)\w*(?:mi|ci)\s+(?:\w+\s+)?da(?:l|lla|i|lle|gli)?\s+
        (?:\w+\s+){{0,2}}(?:lista|elenco|mailing|newsletter|rubrica|database|contatti|servizio)\b(?!\s+d\s?attesa)
    | \bdisiscriv\w*mi\b | ^(?:disiscrizione|disiscrivi|disdetta|annulla(?:re)?\s+l?\s?iscrizione)$
    | \b(?:cancell|elimin|rimuov|togli)\w*\s+il\s+mio\s+(?:numero|contatto|indirizzo)\b
    | \blascia(?:te)?(?:mi|ci)\s+(?:in\s+pace|stare|tranquill\w+)\b
    | \b(?:numero|persona)\s+sbagliat[oa]\b | \bsbagliato\s+(?:numero|persona)\b(?!\s+di\s+(?!tel))
"""
_NL_KIND = (
    r"(?:berichten|berichtjes|bericht|sms(?:jes|en)?|appjes|mails?|e-?mails?|telefoontjes|reclame|aanbiedingen"
    r"|meldingen|nieuwsbrie(?:f|ven)|spam|post)"
)
_NL_NICE = r"(?:aub|alsjeblieft|alstublieft|svp|graag|bedankt|dank\s+je)"
_DUTCH = rf"""
      \b(?:stop|hou(?:d|dt)?\s+(?:\w+\s+)?op|ophouden|stoppen)\s+(?:{_NL_NICE}\s+)?met\s+(?:\w+\s+){{0,2}}
        (?:{_NL_KIND}|sturen|appen|mailen|bellen|smsen|lastigvallen|schrijven|spammen)\b
    | ^(?:{_NL_NICE}\s+)?geen\s+(?:\w+\s+)?{_NL_KIND}\s+meer(?:\s+(?:{_NL_NICE}|sturen|ontvangen|naar|mij|dit
        |nummer))*$
    | \b(?:wil|willen|wens|wensen)\s+(?:ik\s+|wij\s+|we\s+)?(?:{_NL_NICE}\s+)?geen\s+(?:\w+\s+)?{_NL_KIND}\s+
        (?:meer|ontvangen|krijgen|van\s+(?:jullie|u|jou|je))\b
    | \b(?:stuur|bel|app|mail|sms|schrijf|contacteer|benader|stoor)\s+(?:mij|me|ons)\s+(?:{_NL_NICE}\s+)?
        (?:niet|nooit|niets|geen\s+\w+)\s+meer\b(?!\s+(?:dan|vandaag|vanavond|nu))
    | \b(?:schrijf|meld)\s+(?:mij|me|ons)\s+(?:{_NL_NICE}\s+)?(?:uit|af)\b
    | ^(?:ik\s+wil\s+)?(?:mij\s+|me\s+)?(?:{_NL_NICE}\s+)?(?:uitschrijven|afmelden|uitschrijving|afmelding)
        (?:\s+{_NL_NICE})*$
    | \b(?:uitschrijven|afmelden)\s+(?:voor|van|uit)\s+(?:deze\s+|jullie\s+|uw\s+|de\s+|alle\s+)?{_NL_KIND}
    | \b(?:haal|verwijder|schrap|gooi)\s+(?:mij|me|ons|mijn\s+\w+)\s+(?:{_NL_NICE}\s+)?(?:van|uit)\s+(?:de\s+
        |het\s+|jullie\s+|uw\s+|je\s+)(?:\w+\s+)?
        (?:lijst|mailinglijst|bestand|systeem|database|adresboek)\b
    | \bverwijder\s+mijn\s+(?:nummer|gegevens|e-?mail\w*|mail\w*)\b(?!\s+niet)
    | \blaat\s+(?:mij|me|ons)\s+(?:\w+\s+)?met\s+rust\b
    | ^(?:\w+\s+){{0,3}}(?:verkeerd\s+nummer|verkeerde\s+(?:nummer|persoon))$
    | \b(?:geen\s+interesse|niet\s+geinteresseerd)\s+in\s+(?:jullie|uw|deze|je)\s+{_NL_KIND}
"""
_PL_KIND = (
    r"(?:wiadomosci(?:ami)?|sms(?:-?ow|-?y|ami)?|smsa|esemesow|maili|mejli|e-?maili|telefonow|reklam(?:y)?"
    r"|ofert(?:y)?|powiadomien|promocji|spamu|newsletter\w*)"
)
_PL_SEND = r"(?:pis|wysyl|przysyl|dzwon|kontaktow|kontaktuj|nek|spamow)"
_POLISH = rf"""
      \bnie\s+{_PL_SEND}\w*\s+(?:juz\s+)?(?:do\s+mnie\s+|do\s+nas\s+|mi\s+|nam\s+|ze\s+mna\s+)?(?:juz\s+)?
        (?:wiecej|nigdy|juz)(?:\s+(?:do\s+mnie|mi|{_PL_KIND}|prosze|zadnych|tych))*$
    | \b(?:prosze\s+)?nie\s+(?:wysylac|wysylajcie|wysylaj|przysylac|przysylajcie|przysylaj)\s+(?:mi\s+|juz\s+
        |do\s+mnie\s+)*
        (?:wiecej\s+|zadnych\s+|tych\s+|takich\s+)+{_PL_KIND}
    | \b(?:przestan|przestancie|przestac|przestanc)\s+(?:juz\s+|mi\s+|do\s+mnie\s+|mnie\s+)*{_PL_SEND}\w*
    | \bnie\s+(?:chce|chcemy|zycze\s+sobie)\s+(?:juz\s+|wiecej\s+|otrzymyw\w+\s+|dostaw\w+\s+|takich\s+|tych\s+
        |waszych\s+|zadnych\s+|od\s+was\s+)*{_PL_KIND}(?!\s+[zo]\s)
    | \b(?:koniec\s+z|dosc)\s+(?:tymi\s+|tych\s+)?{_PL_KIND} | ^zadnych\s+(?:wiecej\s+)?{_PL_KIND}
    | \b(?:wypisz|wypiszcie|wypisac|wykresl|wykreslcie|skreslcie|skresl|usun|usuncie|usunac)\s+(?:mnie
        |nas)\s+z\s+(?:\w+\s+)?
        (?:list\w*|baz\w*|newsletter\w*|subskrypcji|grupy)\b(?!\s+oczek)
    | \b(?:mnie|nas)\s+(?:wypisac|usunac|wykreslic|skreslic)(?:\s+z\s+(?:\w+\s+)?(?:list\w*|baz\w*|newsletter\w*
        |subskrypcji|grupy))?$
    | \b(?:usun|usuncie|usunac|skasujcie|skasuj|wykreslcie)\s+(?:moj\s+(?:numer|adres|mail)|moje\s+dane)\b
    | \brezygnuje\s+z\s+(?:\w+\s+)?{_PL_KIND}
    | ^(?:prosze\s+)?nie\s+{_PL_SEND}\w*\s+do\s+(?:mnie|nas)$
    | ^(?:wypisz|wypisz\s+mnie|wypis|wypisac|rezygnacja)(?:\s+prosze)?$
    | \b(?:daj|dajcie)\s+(?:mi|nam)\s+(?:\w+\s+)?spokoj\b | \bzostaw(?:cie)?\s+(?:mnie|nas)\s+w\s+spokoju\b
    | \b(?:zly|bledny|nie\s+ten)\s+numer(?:\s+telefonu)?$ | ^(?:to\s+)?pomylka$ | \bpomylil\w*\s+(?:numer|osob)\w*
"""

# One word of every wish above begins like this; of shorter ones the whole word is there.
_BEGINNINGS = {
    _SPANISH: """
        mas deje deja pare para baja quier quere deseo dejen dejar dejad dejam dejem paren parar basta borra borre elimi
        quita quite sacam sacan saque saca equiv desus suscr cance
    """,
    _FRENCH: """
        plus otez faux paix arret cesse stopp stop desab desin retir suppr enlev effac rayez laiss fiche foute mauva
        erreu tromp
    """,
    _PORTUGUESE: """
        mais sem nada tire tira pare para paz parem parar chega basta quero quere desej gosta desca dessu desin inscr
        subsc cance tirem tiram remov retir exclu apagu risqu elimi errad deixe
    """,
    _ITALIAN: """
        piu smett finit finis piant basta togli rimuo elimi cance disis disde annul lasci sbagl vogli desid vorre
    """,
    _DUTCH: """
        stop haal meld gooi geen meer rust hou houd houdt ophou stopp uitsc afmel verwi schra verke schri geint
    """,
    _POLISH: """
        dosc usun zly nie przes konie zadny wypis wykre skres usunc usuna skasu rezyg spoko bledn pomyl
    """,
}
_FIRST = 5
_MARKS = ".,;:!?)-"
_LANGUAGES = {pattern: frozenset(words.split()) for pattern, words in _BEGINNINGS.items()}
_ANY = frozenset[str]().union(*_LANGUAGES.values())
# The opposite is meant, or something else: "no dejen de escribirme", "je ne recois plus de messages", "ik krijg geen".
_OPPOSITE = re.compile(
    r"\bno\s+(?:quiero\s+que\s+)?(?:me\s+|nos\s+)?(?:dej|par|borr|elimin|quit|saqu|sac|quiero\s+dar|desuscri)\w*"
    r"|\b(?:narret|ne\s+cess|ne\s+stopp|ne\s+me\s+(?:desabonn|desinscri|retir|supprim|enlev|effac|ray))\w*\s+pas\b"
    r"|\bveux\s+pas\s+me\s+des|\bpas\s+me\s+des"
    r"|\bnao\s+(?:me\s+)?(?:par|tir|remov|retir|exclu|apag|descadastr)\w*"
    r"|\bnon\s+(?:mi\s+)?(?:smett|finit|piant|cancell|togli|toglier|rimuov|elimin|disiscriv)\w*"
    r"|\b(?:niet|nooit)\s+(?:\w+\s+)?(?:stoppen|ophouden|uitschrijven|afmelden|verwijderen)\b|\bstop\s+niet\b"
    r"|\b(?:krijg|kreeg|ontvang|ontving|zie)\s+(?:ik\s+)?(?:\w+\s+)?geen\b"
    r"|\bnie\s+(?:przesta|wypis|usuw|usun|skreslaj|rezygn)\w*"
)


@cache
def _wishes(language: str) -> re.Pattern[str]:
    """Made with the first text that may be one."""
    return re.compile(language, flags=re.VERBOSE)


def languages_of(said: str) -> list[str]:
    """In which languages a text, folded and `bare`, is worth a closer look: an ordinary one is soon done with."""
    words = {word[:_FIRST].rstrip(_MARKS) for word in said.split()}
    return [] if _ANY.isdisjoint(words) else [one for one, known in _LANGUAGES.items() if not known.isdisjoint(words)]


def is_one(said: str, languages: Iterable[str]) -> bool:
    """Whether these words, `bare` and without marks between them, ask for no more messages."""
    return any(_wishes(one).search(said) is not None for one in languages) and _OPPOSITE.search(said) is None
