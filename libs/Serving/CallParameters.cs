namespace Serverless.Serving;

/// <summary>What a caller says of its input beside it: numbers and words by name, captured to be watched for drift. Immutable.</summary>
public sealed record CallParameters(IReadOnlyDictionary<string, double> Numbers, IReadOnlyDictionary<string, string> Words)
{
    public const int MaxParameters = 32;
    public const int MaxNameCharacters = 64;
    public const int MaxValueCharacters = 128;

    /// <summary>Which the Open Inference Protocol or this service gives a meaning of its own.</summary>
    private static readonly string[] Reserved = ["priority", "routing_key", "sequence_end", "sequence_id", "sequence_start", "timeout"];

    public static CallParameters None { get; } = new(new Dictionary<string, double>(), new Dictionary<string, string>());

    /// <param name="given">Strings, numbers and truth values.</param>
    /// <exception cref="Serverless.Inference.Serving.ServingException">One of them is more than can be captured.</exception>
    public static CallParameters Read(IReadOnlyDictionary<string, object> given)
    {
        if (given.Count > MaxParameters)
        {
            throw Refusal.Invalid($"The request has {given.Count} parameters; allowed are {MaxParameters}.");
        }
        Dictionary<string, double> numbers = [];
        Dictionary<string, string> words = [];
        foreach ((string name, object value) in given)
        {
            if (!IsName(name))
            {
                string found = name.Length > MaxNameCharacters ? $"a name of {name.Length} characters" : $"the name '{name}'";
                throw Refusal.Invalid(
                    $"A parameter has {found}; allowed are 1 to {MaxNameCharacters} ASCII letters, digits, '_', '-' and '.'."
                );
            }
            if (value is string { Length: > MaxValueCharacters } text)
            {
                throw Refusal.Invalid($"Parameter '{name}' has {text.Length} characters; allowed are {MaxValueCharacters}.");
            }
            Add(name, value, numbers, words);
        }
        return new CallParameters(numbers, words);
    }

    /// <summary>Of a protocol that has other uses for parameters: what cannot be captured is left out.</summary>
    public static CallParameters ReadKnown(IReadOnlyDictionary<string, object> given)
    {
        Dictionary<string, double> numbers = [];
        Dictionary<string, string> words = [];
        foreach ((string name, object value) in given.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            bool fits = IsName(name) && !Reserved.Contains(name) && value is not string { Length: > MaxValueCharacters };
            if (fits && numbers.Count + words.Count < MaxParameters)
            {
                Add(name, value, numbers, words);
            }
        }
        return new CallParameters(numbers, words);
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxNameCharacters && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static void Add(string name, object value, Dictionary<string, double> numbers, Dictionary<string, string> words)
    {
        switch (value)
        {
            case string text:
                words[name] = text;
                break;
            case bool truth:
                words[name] = truth ? "true" : "false";
                break;
            default:
                numbers[name] = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
        }
    }
}
