using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Http;

/// <summary>Reads query parameters; what is not allowed is answered with what is.</summary>
internal static class QueryReader
{
    /// <summary>Null where it is absent. Given twice it would be read as one value with a comma.</summary>
    public static string? ReadOne(this HttpRequest request, string name) =>
        request.Query[name] is { Count: > 1 } given
            ? throw RequestProblem.BadRequest($"{name} stands {given.Count} times in the query; allowed is once.")
            : (string?)request.Query[name];

    public static string? ReadText(this HttpRequest request, string name, int maxCharacters)
    {
        string? text = request.ReadOne(name);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        return text.Length <= maxCharacters
            ? text
            : throw RequestProblem.BadRequest($"{name} has {text.Length} characters; allowed are 1 to {maxCharacters}.");
    }

    public static int ReadNumber(this HttpRequest request, string name, int min, int max, int otherwise)
    {
        string? text = request.ReadOne(name);
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw RequestProblem.BadRequest($"{name} is '{text}'; allowed are {min} to {max}.");
    }

    /// <summary>A value by its name in any case.</summary>
    public static T? ReadName<T>(this HttpRequest request, string name)
        where T : struct, Enum
    {
        string? text = request.ReadOne(name);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return EnumName.Find<T>(text)
            ?? throw RequestProblem.BadRequest(
                $"{name} is '{text}'; allowed are {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}."
            );
    }

    /// <summary>An instant as ISO 8601 writes it; without an offset it is UTC.</summary>
    public static DateTimeOffset? ReadTime(this HttpRequest request, string name)
    {
        string? text = request.ReadOne(name);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw RequestProblem.BadRequest($"{name} is '{text}'; allowed is a time such as 2026-01-31T12:00:00Z.");
    }

    public static string? ReadOneOf(this HttpRequest request, string name, IEnumerable<string> allowed)
    {
        string? text = request.ReadOne(name);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return allowed.Contains(text)
            ? text
            : throw RequestProblem.BadRequest($"{name} is '{text}'; allowed are {string.Join(", ", allowed)}.");
    }
}
