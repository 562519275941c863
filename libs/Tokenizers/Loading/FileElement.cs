using System.Text.Json;

namespace Serverless.Tokenizers.Loading;

/// <summary>A value of a JSON file and the way to it, so that every fault can be named.</summary>
internal readonly record struct FileElement(JsonElement Value, string Path)
{
    public bool IsNull => Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    public bool IsArray => Value.ValueKind == JsonValueKind.Array;

    public bool IsString => Value.ValueKind == JsonValueKind.String;

    /// <summary>A member, null if it is missing or this is no object.</summary>
    public FileElement this[string name] =>
        new(IsObject && Value.TryGetProperty(name, out JsonElement found) ? found : default, $"{Path}.{name}");

    public TokenizerException Reject(string expected) => new($"{Path} is {Describe()}; expected {expected}.");

    public string Text() => TryText(out string? text) ? text! : throw Reject("a string");

    public string Text(string otherwise) => IsNull ? otherwise : Text();

    /// <summary>One character, which must not need a surrogate pair.</summary>
    public char Character() => Text() is [var character] && !char.IsSurrogate(character) ? character : throw Reject("one character");

    public bool Flag(bool otherwise) =>
        Value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null or JsonValueKind.Undefined => otherwise,
            _ => throw Reject("true or false"),
        };

    public int Number(int min, int max) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) && number >= min && number <= max
            ? number
            : throw Reject($"a whole number from {min} to {max}");

    public int Number(int min, int max, int otherwise) => IsNull ? otherwise : Number(min, max);

    public double Real() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Reject("a finite number");

    public int Count => IsArray ? Value.GetArrayLength() : throw Reject("a list");

    public IEnumerable<FileElement> Items()
    {
        if (!IsArray)
        {
            throw Reject("a list");
        }
        int index = 0;
        foreach (JsonElement item in Value.EnumerateArray())
        {
            yield return new FileElement(item, $"{Path}[{index++}]");
        }
    }

    public IEnumerable<(string Name, FileElement Value)> Members()
    {
        if (!IsObject)
        {
            throw Reject("an object");
        }
        foreach (JsonProperty member in Value.EnumerateObject())
        {
            yield return (NameOf(member), new FileElement(member.Value, $"{Path}.{NameOf(member)}"));
        }
    }

    private string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw new TokenizerException($"{Path} has a name that is not valid Unicode.");
        }
    }

    private bool TryText(out string? text)
    {
        text = null;
        if (!IsString)
        {
            return false;
        }
        try
        {
            text = Value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // half of a surrogate pair
        }
    }

    private string Describe()
    {
        if (Value.ValueKind == JsonValueKind.Undefined)
        {
            return "missing";
        }
        string text = Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? Value.ValueKind == JsonValueKind.Object
                ? "an object"
                : "a list"
            : Value.GetRawText();
        return text.Length > 60 ? text[..60] + "…" : text;
    }
}
