using System.Text.Json;

namespace Serverless.Infra.Terraform;

/// <summary>One resource as it would be made.</summary>
internal sealed record Resource(string Address, string Type, JsonElement Values)
{
    public string Id => Text("id");

    /// <summary>Empty where the attribute is absent or null.</summary>
    public string Text(string path) =>
        Find(path) is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } found ? found.ToString() : "";

    /// <summary>The value at a path such as <c>site_config.0.minimum_tls_version</c>; undefined where there is none.</summary>
    public JsonElement Find(string path)
    {
        JsonElement at = Values;
        foreach (string part in path.Split('.'))
        {
            at =
                at.ValueKind == JsonValueKind.Object && at.TryGetProperty(part, out JsonElement property) ? property
                : at.ValueKind == JsonValueKind.Array && int.TryParse(part, out int index) && index < at.GetArrayLength() ? at[index]
                : default;
        }
        return at;
    }

    /// <summary>The blocks or values of a list; none where it is absent.</summary>
    public IEnumerable<JsonElement> List(string path) => Find(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The entries of a map; none where it is absent.</summary>
    public IReadOnlyDictionary<string, string> Map(string path) =>
        Find(path) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.ToString())
            : [];
}
