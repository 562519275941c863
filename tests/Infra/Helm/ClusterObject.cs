using System.Text.Json;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Helm;

/// <summary>One object that the chart would apply.</summary>
internal sealed record ClusterObject(string Kind, string Name, JsonElement Json)
{
    private readonly Resource _values = new(Name, Kind, Json);

    public string Text(string path) => _values.Text(path);

    public IEnumerable<JsonElement> List(string path) => _values.List(path);

    /// <summary>The selector or labels at a path, as one text.</summary>
    public string Raw(string path) => _values.Find(path) is { ValueKind: not JsonValueKind.Undefined } found ? found.GetRawText() : "";
}
