using System.Numerics.Tensors;
using System.Text.Json.Nodes;

namespace Serverless.Unit.AzureSearch;

/// <summary>One index of a <see cref="SearchServer"/>: its schema, and documents that are held against it.</summary>
internal sealed class SearchServerIndex
{
    private static readonly string[] Actions = ["upload", "merge", "mergeOrUpload", "delete"];

    private static readonly string[] SearchParameters =
    [
        "search",
        "filter",
        "top",
        "skip",
        "orderby",
        "select",
        "queryType",
        "searchMode",
        "searchFields",
        "vectorQueries",
        "vectorFilterMode",
        "count",
        "sessionId",
    ];

    private readonly Dictionary<string, JsonObject> _documents = new(StringComparer.Ordinal);
    private JsonObject _schema;
    private int _changes;

    public SearchServerIndex(JsonObject schema)
    {
        _schema = (JsonObject)schema.DeepClone();
        SearchServer.Check(Fields.Values.Count(field => Is(field, "key")) == 1, "An index has one key field.");
    }

    public string Name => (string)_schema["name"]!;

    public string Tag => $"0x{_changes}";

    public IReadOnlyDictionary<string, JsonObject> Documents => _documents;

    /// <summary>As it is, whatever wrote it.</summary>
    public void Put(string id, JsonObject document) => _documents[id] = document;

    public Dictionary<string, JsonObject> Fields =>
        _schema["fields"]!.AsArray().ToDictionary(one => (string)one!["name"]!, one => one!.AsObject(), StringComparer.Ordinal);

    public JsonObject ToJson()
    {
        JsonObject told = (JsonObject)_schema.DeepClone();
        told["@odata.etag"] = $"\"{Tag}\"";
        return told;
    }

    public void Change(JsonObject schema)
    {
        Dictionary<string, JsonObject> before = Fields;
        Dictionary<string, JsonObject> after = new SearchServerIndex(schema).Fields;
        foreach ((string name, JsonObject field) in before)
        {
            SearchServer.Check(
                after.TryGetValue(name, out JsonObject? kept) && (string?)kept["type"] == (string?)field["type"],
                $"Existing field '{name}' cannot be changed."
            );
        }
        _schema = (JsonObject)schema.DeepClone();
        _changes++;
    }

    public JsonObject Get(string id) =>
        _documents.TryGetValue(id, out JsonObject? document)
            ? Project(document, null)
            : throw new SearchProblem(404, $"There is no document '{id}'.");

    /// <summary>207 where a part failed.</summary>
    public (int, JsonNode?) Write(JsonObject body, Func<JsonObject, int> statusOf)
    {
        JsonArray actions = body["value"]!.AsArray();
        SearchServer.Check(actions.Count is > 0 and <= 1_000, $"Found {actions.Count} documents; allowed are 1 to 1,000.");
        JsonArray results = [];
        foreach (JsonObject given in actions.Select(action => action!.AsObject()))
        {
            JsonObject document = (JsonObject)given.DeepClone();
            string action = (string)document["@search.action"]!;
            document.Remove("@search.action");
            SearchServer.Check(Actions.Contains(action), $"Action '{action}' is unknown.");
            foreach ((string name, JsonNode? value) in document)
            {
                CheckValue(name, value);
            }
            string id = (string)document["id"]!;
            SearchServer.Check(id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '='), $"Key '{id}' has other characters.");
            int status = statusOf(document);
            if (status == 200)
            {
                Apply(action, id, document);
            }
            results.Add(
                new JsonObject
                {
                    ["key"] = id,
                    ["status"] = status == 200,
                    ["errorMessage"] = status == 200 ? null : $"Told to answer {status}.",
                    ["statusCode"] = status,
                }
            );
        }
        return (results.Any(result => (int)result!["statusCode"]! != 200) ? 207 : 200, new JsonObject { ["value"] = results });
    }

    public JsonObject Search(JsonObject body)
    {
        foreach ((string name, _) in body)
        {
            SearchServer.Check(SearchParameters.Contains(name), $"Parameter '{name}' is unknown.");
        }
        int top = (int?)body["top"] ?? 50;
        SearchServer.Check(top is > 0 and <= 1_000, $"top is {top}.");
        SearchFilter filter = SearchFilter.Parse((string?)body["filter"], this);
        JsonObject[] admitted = [.. _documents.Values.Where(filter.Admits)];
        List<List<(JsonObject Document, double Score)>> rankings = [];
        string? search = (string?)body["search"];
        JsonArray vectors = body["vectorQueries"]?.AsArray() ?? [];
        if (search is not null && (search != "*" || vectors.Count == 0))
        {
            rankings.Add(RankByWords(search, body, admitted));
        }
        rankings.AddRange(vectors.Select(query => RankByVector(query!.AsObject(), admitted)));
        IEnumerable<(JsonObject Document, double Score)> ranked = rankings switch
        {
            [] => admitted.Select(document => (document, 1.0)),
            [var only] => only,
            _ => Fuse(rankings),
        };
        if ((string?)body["orderby"] is { } order)
        {
            SearchServer.Check(Is(FieldOf(order), "sortable"), $"Field '{order}' is not sortable.");
            ranked = ranked.OrderBy(one => (string)one.Document[order]!, StringComparer.Ordinal);
        }
        string[]? select = ((string?)body["select"])?.Split(',');
        JsonArray value = [];
        foreach ((JsonObject document, double score) in ranked.Take(top))
        {
            JsonObject shown = Project(document, select);
            shown["@search.score"] = score;
            value.Add(shown);
        }
        return new JsonObject { ["value"] = value };
    }

    public JsonObject FieldOf(string name) =>
        Fields.GetValueOrDefault(name) ?? throw new SearchProblem(400, $"There is no field '{name}'.");

    public static bool Is(JsonObject field, string attribute) => (bool?)field[attribute] == true;

    private void Apply(string action, string id, JsonObject document)
    {
        if (action == "delete")
        {
            _documents.Remove(id);
        }
        else if (action == "upload" || !_documents.TryGetValue(id, out JsonObject? known))
        {
            _documents[id] = document;
        }
        else
        {
            foreach ((string name, JsonNode? value) in document)
            {
                known[name] = value?.DeepClone();
            }
        }
    }

    private void CheckValue(string name, JsonNode? value)
    {
        JsonObject field = FieldOf(name);
        bool fits = (string)field["type"]! switch
        {
            "Edm.String" => value is null || value.GetValueKind() == System.Text.Json.JsonValueKind.String,
            "Edm.Int32" or "Edm.Int64" => value is null || value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
            "Edm.Boolean" => value is null
                || value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
            "Collection(Edm.String)" => value is JsonArray,
            "Collection(Edm.Single)" => value is JsonArray numbers && numbers.Count == (int)field["dimensions"]!,
            _ => false,
        };
        SearchServer.Check(fits, $"Field '{name}' is {field["type"]}; found is {value?.ToJsonString()}.");
    }

    private List<(JsonObject, double)> RankByWords(string search, JsonObject body, JsonObject[] admitted)
    {
        if (search == "*")
        {
            return [.. admitted.Select(document => (document, 1.0))];
        }
        string[] fields = ((string?)body["searchFields"])?.Split(',')
            ?? [.. Fields.Values.Where(field => Is(field, "searchable")).Select(field => (string)field["name"]!)];
        SearchServer.Check(fields.All(field => Is(FieldOf(field), "searchable")), "A field of searchFields is not searchable.");
        SearchServer.Check((string?)body["queryType"] == "full", "Only the full syntax is read here.");
        SearchText query = SearchText.Parse(search);
        SearchServer.Check(query.Terms * fields.Length <= 3_000, $"The query has {query.Terms * fields.Length} clauses.");
        return
        [
            .. admitted
                .Select(document => (Document: document, Score: (double)fields.Max(field => query.Score((string?)document[field], field))))
                .Where(one => one.Score > 0)
                .OrderByDescending(one => one.Score)
                .ThenBy(one => (string)one.Document["id"]!, StringComparer.Ordinal),
        ];
    }

    private List<(JsonObject, double)> RankByVector(JsonObject query, JsonObject[] admitted)
    {
        SearchServer.Check((string?)query["kind"] == "vector", "The kind of a vector query is 'vector'.");
        string name = (string)query["fields"]!;
        float[] wanted = Read(query["vector"]!);
        SearchServer.Check((int?)FieldOf(name)["dimensions"] == wanted.Length, $"The vector has {wanted.Length} dimensions.");
        return
        [
            .. admitted
                .Where(document => document[name] is JsonArray)
                .Select(document => (document, Score: 1.0 / (2 - TensorPrimitives.CosineSimilarity(Read(document[name]!), wanted))))
                .OrderByDescending(one => one.Score)
                .ThenBy(one => (string)one.document["id"]!, StringComparer.Ordinal)
                .Take((int)query["k"]!),
        ];
    }

    private static IEnumerable<(JsonObject, double)> Fuse(List<List<(JsonObject Document, double Score)>> rankings) =>
        rankings
            .SelectMany(ranking => ranking.Select((one, i) => (one.Document, Score: 1.0 / (60 + i + 1))))
            .GroupBy(one => one.Document)
            .Select(same => (same.Key, same.Sum(one => one.Score)))
            .OrderByDescending(one => one.Item2);

    private JsonObject Project(JsonObject document, string[]? select)
    {
        JsonObject shown = [];
        foreach (string name in select ?? [.. Fields.Keys])
        {
            bool isShown = (bool?)FieldOf(name)["retrievable"] != false;
            SearchServer.Check(isShown || select is null, $"Field '{name}' is not retrievable.");
            if (isShown)
            {
                shown[name] = document[name]?.DeepClone();
            }
        }
        return shown;
    }

    private static float[] Read(JsonNode vector) => [.. vector.AsArray().Select(number => (float)number!)];
}
