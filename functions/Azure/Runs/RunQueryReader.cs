using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Reads which runs are meant, and in which order, from the query of a request.</summary>
internal static class RunQueryReader
{
    public const int MaxPage = 200;
    public const int MaxNames = 20;
    public const int MaxTextCharacters = 200;

    private const int MaxNameCharacters = 100;
    private const int MaxDays = 3_650;

    /// <exception cref="RequestProblem">A value is not allowed.</exception>
    public static RunFilter ReadRunFilter(this HttpRequest request, DateTimeOffset now)
    {
        DateTimeOffset? from = request.ReadTime("from");
        DateTimeOffset? to = request.ReadTime("to");
        if (ReadWithin(request) is { } within)
        {
            from =
                from is null && to is null
                    ? now - within
                    : throw RequestProblem.BadRequest("within stands beside from or to; allowed is either within, or from and to.");
        }
        if (from >= to)
        {
            throw RequestProblem.BadRequest($"from is {from:O}, to is {to:O}; allowed is a from before the to.");
        }
        return new RunFilter
        {
            Kinds = [.. ReadNames(request, "kind").Select(text => ReadOf<RunKind>("kind", text))],
            Statuses = [.. ReadNames(request, "status").Select(text => ReadOf<RunStatus>("status", text))],
            Outcomes = ReadNames(request, "outcome"),
            Names = ReadNames(request, "name"),
            IdPrefix = request.ReadText("prefix", RunId.MaxCharacters),
            Parent = request.ReadText("parent", RunId.MaxCharacters),
            From = from,
            To = to,
            Tags = ReadTags(request),
            Text = request.ReadText("text", MaxTextCharacters),
        };
    }

    /// <exception cref="RequestProblem">A value is not allowed.</exception>
    public static RunQuery ReadRunQuery(this HttpRequest request, DateTimeOffset now)
    {
        RunSort sort = request.ReadName<RunSort>("sort") ?? RunSort.Created;
        bool isDescending = request.ReadOneOf("order", ["desc", "asc"]) is not "asc";
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        RunCursor? after = request.ReadText("after", RunCursor.MaxCharacters) is { } token ? ReadCursor(token, sort, isDescending) : null;
        return new RunQuery(request.ReadRunFilter(now), sort, isDescending, limit, after);
    }

    private static RunCursor ReadCursor(string token, RunSort sort, bool isDescending) =>
        RunCursor.Parse(token) is { } cursor && cursor.Sort == sort && cursor.IsDescending == isDescending
            ? cursor
            : throw RequestProblem.BadRequest(
                "after is no token that this list has given in this order; allowed is the value of 'next' of the page before."
            );

    private static string[] ReadNames(HttpRequest request, string name)
    {
        string[] names = (request.ReadText(name, MaxNames * MaxNameCharacters) ?? "").Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return names.Length <= MaxNames
            ? names
            : throw RequestProblem.BadRequest($"{name} has {names.Length} values; allowed are 1 to {MaxNames}, with commas between.");
    }

    private static T ReadOf<T>(string name, string text)
        where T : struct, Enum =>
        EnumName.Find<T>(text)
        ?? throw RequestProblem.BadRequest($"{name} is '{text}'; allowed are {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");

    private static string[] ReadTags(HttpRequest request)
    {
        string[] tags = [.. request.Query["tag"].OfType<string>().Where(tag => tag.Length > 0)];
        if (tags.Length > RunText.MaxTags)
        {
            throw RequestProblem.BadRequest($"tag stands {tags.Length} times; allowed are up to {RunText.MaxTags}.");
        }
        foreach (string tag in tags)
        {
            if (tag.Length > RunText.MaxTagCharacters || tag.IndexOf(':', StringComparison.Ordinal) < 1)
            {
                throw RequestProblem.BadRequest(
                    $"tag is '{RunText.Excerpt(tag)}'; allowed is name:value of up to {RunText.MaxTagCharacters} characters."
                );
            }
        }
        return tags;
    }

    /// <summary>"15m", "24h", "7d"</summary>
    private static TimeSpan? ReadWithin(HttpRequest request)
    {
        if (request.ReadText("within", 10) is not { } text)
        {
            return null;
        }
        TimeSpan? within =
            int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 1_000_000
                ? text[^1] switch
                {
                    'm' => TimeSpan.FromMinutes(number),
                    'h' => TimeSpan.FromHours(number),
                    'd' => TimeSpan.FromDays(number),
                    _ => null,
                }
                : null;
        return within <= TimeSpan.FromDays(MaxDays)
            ? within
            : throw RequestProblem.BadRequest($"within is '{text}'; allowed is a number with m, h or d, up to {MaxDays}d.");
    }
}
