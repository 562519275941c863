using System.Text.Json;

namespace Serverless.Packages;

/// <summary>One object of a JSON file of a package: reads typed values, and rejects the package where a value has another type.</summary>
public readonly struct JsonFile(PackageFiles files, string path, JsonElement element, string prefix = "")
{
    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    /// <summary>An explicit null counts as absent, as in the exporters' own readers.</summary>
    public bool Has(string key) => Find(key) is not null;

    public string? Text(string key) => Read(key, JsonValueKind.String, "a string") is { } value ? value.GetString() : null;

    public bool? Flag(string key) =>
        Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Unexpected(key, value, "true or false");

    public int? Integer(string key) =>
        Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Unexpected(key, value, "a whole number");

    public double? Number(string key) =>
        Read(key, JsonValueKind.Number, "a number") is { } value && value.TryGetDouble(out double number) ? number : null;

    public bool IsNumber(string key) => Find(key) is { ValueKind: JsonValueKind.Number };

    public bool IsText(string key) => Find(key) is { ValueKind: JsonValueKind.String };

    public JsonFile? Object(string key) =>
        Read(key, JsonValueKind.Object, "an object") is { } value ? new JsonFile(files, path, value, $"{prefix}{key}.") : null;

    public string[]? Texts(string key)
    {
        JsonFile self = this;
        return Read(key, JsonValueKind.Array, "a list of strings") is { } list
            ?
            [
                .. list.EnumerateArray()
                    .Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw self.Unexpected(key, e, "strings")),
            ]
            : null;
    }

    public float[]? Numbers(string key)
    {
        JsonFile self = this;
        return Read(key, JsonValueKind.Array, "a list of numbers") is { } list
            ?
            [
                .. list.EnumerateArray()
                    .Select(e =>
                        e.ValueKind == JsonValueKind.Number && e.TryGetSingle(out float n) ? n : throw self.Unexpected(key, e, "numbers")
                    ),
            ]
            : null;
    }

    public IEnumerable<(string Key, string Value)> Properties()
    {
        JsonFile self = this;
        return element
            .EnumerateObject()
            .Select(p =>
                (
                    p.Name,
                    p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : throw self.Unexpected(p.Name, p.Value, "a string")
                )
            );
    }

    /// <summary>The objects of a file that is a list of objects.</summary>
    public JsonFile[] Items()
    {
        JsonFile self = this;
        return element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().Select((e, i) => new JsonFile(self.File, self.Location, e, $"[{i}]."))]
            : throw files.Reject(path, $"a JSON {element.ValueKind}", "a list");
    }

    /// <summary>The objects of a member that is a list of objects; null where there is no such member.</summary>
    public JsonFile[]? Items(string key)
    {
        JsonFile self = this;
        return Read(key, JsonValueKind.Array, "a list of objects") is { } list
            ? [.. list.EnumerateArray().Select((e, i) => new JsonFile(self.File, self.Location, e, $"{key}[{i}]."))]
            : null;
    }

    public ModelRejectedException Reject(string key, string found, string expected) =>
        files.Reject(path, $"\"{prefix}{key}\": {found}", expected);

    public TaskMismatchException Mismatch(string key, string found, string expected) =>
        files.Mismatch(path, $"\"{prefix}{key}\": {found}", expected);

    private PackageFiles File => files;
    private string Location => path;

    private JsonElement? Read(string key, JsonValueKind kind, string expected) =>
        Find(key) is not { } value ? null
        : value.ValueKind == kind ? value
        : throw Unexpected(key, value, expected);

    private JsonElement? Find(string key)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw files.Reject(path, $"a JSON {element.ValueKind}", "an object");
        }
        return element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private ModelRejectedException Unexpected(string key, JsonElement value, string expected)
    {
        string text = value.GetRawText();
        return Reject(key, text.Length > 80 ? text[..80] + "…" : text, expected);
    }
}
