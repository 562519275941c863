using System.Text.Json.Nodes;
using Serverless.Media;
using Serverless.Storage;

namespace Serverless.Ingest.Documents;

/// <summary>The published JSON schema (draft 2020-12) of <see cref="AnalysisDocument"/>.</summary>
public static class AnalysisSchema
{
    public const string MediaType = "application/schema+json";

    public static JsonObject Make()
    {
        JsonObject schema = StoredSchema.Of(typeof(AnalysisDocument), isClosed: true).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "$id", $"urn:serverless:analysis:{AnalysisDocument.CurrentSchemaVersion}");
        schema.Insert(2, "title", "Analysis of one asset version");
        schema["oneOf"] = new JsonArray([.. Enum.GetNames<MediaKind>().Select(kind => FindingsOf(kind.ToLowerInvariant()))]);
        return schema;
    }

    private static JsonObject FindingsOf(string kind) =>
        new()
        {
            ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind } },
            ["required"] = new JsonArray(kind),
        };
}
