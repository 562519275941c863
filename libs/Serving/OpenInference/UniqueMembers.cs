using System.Text.Json;

namespace Serverless.Serving.OpenInference;

/// <summary>The names of one JSON object as it is read: none may stand twice, since nothing says which of the two is meant.</summary>
internal readonly struct UniqueMembers(string what)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Of the member at which the reader is.</summary>
    public void Take(ref Utf8JsonReader json)
    {
        string name = json.GetString()!;
        if (!_names.Add(name))
        {
            throw Refusal.Invalid($"{what} has the member '{name}' twice; which of the two is meant, nothing says.");
        }
    }
}
