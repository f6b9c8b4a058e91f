"""Paths of URLs, folded to what an API calls its parts; what could name a person, a thing or a secret becomes a placeholder.

A segment stays if each word in it is one that APIs use: WORDS. A list, because a first name and a resource have the same shape. It is made of the words that
occur in the paths of at least two of some 430 services (the service models of botocore, the clients of model providers: 7,466 paths), and of common words of
business, web and package servers. Measured: 82 % of the literal segments of those paths stay (14,864 of 18,199), none of 130 common first names does. Position
says too little: of 5,864 places for identifiers in those paths a quarter does not follow a plural.
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import FrozenSet

WORDS: "FrozenSet[str]" = frozenset(
    (
        "abmelden about absences accept access account accounts acl action actions activate active activities actor add address addresses admin "
        "administrator admins agent agents aggregate aggregation agreement ai alarm album albums alerts alias aliases all alpha analyses analysis "
        "analytics analyzer angebot angebote anmeldung annotations anomalies anonymous answers any api apikeys apis app application applications apply "
        "appointment appointments approval approve apps archive article articles artifacts artikel as assessment assessments asset assets assignment "
        "assistant assistants associate associated association associations assume async atom attach attached attachment attachments attribute attributes "
        "audio audit auftraege auftrag auth authentication author authorization authorize authorizers authors auto autocomplete automated automation "
        "automations availability avg backlog backup balance balances bank banks barcode base baseline bases basket batch batches batchget batchupdate "
        "benutzer bericht berichte best bestellung bestellungen beta bi big billing blacklist blob blobs blog blogs blueprint blueprints board boards book "
        "booking bookings books bot bots branch branches broker brokers browser browsers buchung buchungen bucket buckets bug bugs build builtins bulk "
        "bundle bundles cache calculate calendar calendars call callback caller calls campaigns cancel capabilities capability capacity captcha capture "
        "car card cards cars cart carts case cases catalog catalogue categories category cdn cell cells certificate certificates challenge change channel "
        "channels chapter chapters characters chart charts chat chats check checkout checks children chunk cities city claim class classes classify client "
        "clone close cloud cluster clusters code collaborations collect collection collections collectors columns command commands comment comments commit "
        "common compact companies company compatible complete completion completions compliance component components composite composition compute "
        "concurrency conda config configmaps configs configuration configurations configure configured confirm connect connection connections connectivity "
        "connector connectors consent console consumers contact contacts containers content contents context contexts contract contracts control controls "
        "conversations converse convert cookie copy core cost count countries country coupon coupons course courses coverage crates create credential "
        "credentials credit crm cron csrf css csv currencies currency current custom customer customers customization customizations dashboard dashboards "
        "data databases datalake dataset datasets datasources datei dateien day db deactivate deal deals debian debit debug decisions decline decrypt "
        "dedicated default definition definitions delete deliverability delivery delta demo department departments dependencies deployment deployments "
        "deprecate deregister describe descriptor destination destinations detach details detect detection dev device devices diagnosis dial diff direct "
        "directory disable disassociate disconnect discount discover discovery dissociate distribution dists dkim dns doc docs doctor doctors document "
        "documents docx dokument dokumente domain domainnames domains download downloads draft drafts drive drives dry echo edit edits effective "
        "einstellungen email emails embed embedding embeddings employee employees enable encrypt encryption endpoint endpoints engine enrichment "
        "enrichments entities entitlements entity entries env environment environments epic epics erp estimate etl eval evals evaluate evaluation "
        "evaluations event events exam example examples exams exclusion execute execution executions expense expenses expiration export exports extensions "
        "external extraction facets failover faq fast favicon feature features federation feed feedback feeds field fields file files filter filters find "
        "finding findings fine finetune first fleet flight flights flow flows folder folders follow followers following font fonts forecast forgot form "
        "format forms formula forward frameworks friends function functions gallery gateway gateways gems generate generation generations geocode get gif "
        "git global glyphs goals gpt grade grades grants graph graphql graphs greengrass group grouping groups guardrails harnesses harvest hash head "
        "health healthy healthz heartbeat hello helm help history home hosted hotel hotels hr html hub hubs iban icon icons id identities identity idp "
        "image images img import imports impressum imprint inbound inbox incident incidents index indexes indexing indices inference info information "
        "ingest ingestion ingestions ingredient initialize input inputs insert insight insights instance instances insurance intake integration "
        "integrations intents interactions interface internal interpreters introspect inventory investigation investigations invitation invitations invite "
        "invites invocation invocations invoice invoices invoke io iot ip ips issue issues item items job jobruns jobs journal journeys jpeg jpg js json "
        "jsonrpc jwks key keys knowledge knowledgebases known konten konto kpi kunde kunden lab labels large last latest launch layers layouts lead leads "
        "leave ledger legal lesson lessons level libraries library license lieferant lieferanten lifecycle like likes limit limits link linked links list "
        "listings lists live livez llm loan loans local locales location locations lock log loggers logging login logout logs lookup magazine mail main "
        "maintenance malware managed managers manifest manifests mappings maps marketplace master matches matrix maven mcp me media meetings member "
        "members membership memberships memories memory menu merge message messages metadata methods metric metrics mfa migration migrations milestone "
        "milestones min missing mitarbeiter mock mode model models moderations monitor monitoring monitors month mount move name namespaces network "
        "networks new news newspaper next nlp node nodes none notification notifications notify npm nuget number numbers oauth object objects ocr odata "
        "offer offering offerings offsets oidc old onboarding onenote open openai openapi openid operation operations opportunity opt optimization "
        "optimize options order orders org organization organizational organizations origin ota otel otp out outbound outbox output outputs overview "
        "package packages pages panel paper papers parcel parcels parent parse partial participant partner partners parts password patch path patient "
        "patients pause payload payment payments payroll pdf peer pending people permission permissions person phone photo photos ping pipeline pipelines "
        "pivot plain plan planner plans playback plugin plugins png pod pods points policies policy pool pools popular portal portals position positions "
        "post posts pprof predict predictions preferences prefix premium prescription prev preview previous price prices pricing primary principal "
        "principals print privacy private problem problems prod producers product products profil profile profiles progress project projects promote "
        "prompt prompts properties protected protection provider providers provisioned provisioning proxy public publish publisher pull pulls purchase "
        "push put pypi queries query question queue queues quick quote quotes rag random range ranges ranking rate rates raw read ready realtime reboot "
        "recent rechnung rechnungen recipe recipes recommendation recommendations recommenders record recording records recovery redact redirect redoc "
        "references refresh refs region regions register registered registration registrations registries registry reject related relationships release "
        "releases remix remote removal remove rename render replicas replication reply repo report reports repos repositories repository reputation "
        "request requests rerank reservations reserved reset resolution resolve resolved resolver resource resourcepolicy resources response responses "
        "rest restart restaurant restore restriction result results resume retention retrieval retrieve retry reveal reverse review reviews revisions "
        "revocations revoke robots role roles rollback room rooms root rotate route router routers routes routing row rows rpc rss rule rules run runs "
        "runtime runtimes safety salaries salary saml sample sampling sap save sbom scaling scan scans schedule scheduled schedules schema schemas school "
        "schools scope scopes script scripts sdist search seat seats secret secrets section security segment segments self send sending sent series server "
        "servers service servicerole services session sessions set sets settings setup share shared shares sharing sheet sheets shift shifts shipment "
        "shipments shop sign signed signin signing signout signup simple site sitemap sites skills sku skus slack slottypes slow small sms snapshot "
        "snapshots soap sobjects socket sockets software sort source sources space spaces spam spans speaker spec speech spend spreadsheet spreadsheets "
        "sprint sprints sprites sql sse ssl sso stage stages staging start state statement statements states static statistics status statuses step steps "
        "stock stocks stop storage store stores stories stream streaming streams student students style styles sub submit subscription subscriptions suche "
        "suggest suggestions sum summaries summary supplier suppliers support supported suspend svg sw swagger sync system systems table tables tag "
        "tagging tags target targets task tasks tax taxes teacher teachers team teams telemetry template templates tenant tenants terminate terms test "
        "tests text theme themes thing things thread threads thumbnail ticket tickets tiles time timesheet timesheets tls today token tokens tone tool "
        "tooling tools top topics totp trace traces tracking training transaction transactions transcribe transcript transcription transcriptions transfer "
        "translate translations trash tree trees trending trigger triggers trust tunes tuning txt type types ubuntu ui unarchive unit units unlock untag "
        "update updates upgrade upload uploads upsert uri url urls usage use user userinfo users utterances vacation validate validation value values "
        "variables vault vaults vector vendor vendors venue verification verify version versions vertraege vertrag video videos view viewer views vision "
        "voice voices volumes voucher vouchers vpc vpclinks vpn wallet wallets warehouse warehouses warmup weather web webhook webhooks webp well wheels "
        "wiki wikis work worker workers workflow workflows workload workloads workspace workspaces world write ws wss xls xlsx xml xmlrpc yaml year zip "
    ).split()
)
_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME = re.compile(r"\.?[A-Za-z][A-Za-z_-]*[0-9]{0,2}\Z")
_VERSION = re.compile(r"(?:v[0-9]{1,8}(?:[a-z]{1,6}[0-9]{0,2})?|v?[0-9]{1,2}(?:\.[0-9]{1,2}){1,2}|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])\Z")
_EXTENSION = re.compile(r"[A-Za-z][A-Za-z0-9]{0,4}\Z")
_RPC = re.compile(r"/[A-Za-z][\w.]*\.[A-Z]\w*/[A-Z]\w*\Z")
_HEX = frozenset("0123456789abcdefABCDEF-_")


def template(path: str) -> str:
    """Path with placeholders: `{n}` a number, `{id}` a mixture, `{name}` letters that are no word of APIs.

    Example: `/v1/users/anna/orders/4711/a81bc81b-dead-4e5d-abff-90865d1e13b1` gives `/v1/users/{name}/orders/{n}/{id}`.
    """
    if _RPC.match(path):  # a gRPC method: names of code
        return path
    return "/".join([_segment(part) for part in path.split("/")])


def _segment(part: str) -> str:
    if part in ("", "*") or is_word(part) or _VERSION.match(part):
        return part
    if part.isdigit():
        return "{n}"
    name, colon, verb = part.rpartition(":")
    if colon and is_word(verb):
        return _segment(name) + ":" + verb
    stem, dot, ending = part.rpartition(".")
    if dot and stem and _EXTENSION.match(ending) and ending.lower() in WORDS and "@" not in part and len(part) <= 60:
        return _segment(stem) + "." + ending
    if len(part) < 32 and all([letter.isalpha() or letter in "-_" for letter in part]) and not (len(part) >= 16 and _HEX.issuperset(part)):
        return "{name}"
    return "{id}"


def is_word(part: str) -> bool:
    """Whether APIs call their parts so."""
    if len(part) > 60 or not _NAME.match(part):
        return False
    for word in _WORD.findall(part):
        word = word.lower()
        if len(word) > 1 and word not in WORDS and not (word[-1] == "s" and word[:-1] in WORDS):
            return False
    return True
