using Microsoft.AspNetCore.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Http;

/// <summary>Some of many, and the token by which the rest is asked for.</summary>
/// <param name="Incomplete">Why there are fewer items than there could be; absent where there are not.</param>
/// <param name="Faults">About documents that were changed by other means than the API; absent where there is none.</param>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? Next, string? Incomplete = null, IReadOnlyList<string>? Faults = null);

internal static class Answers
{
    /// <summary>A list whose documents were read one by one, whole.</summary>
    public static ListAnswer<TItem> ListOf<TFound, TItem>(Listed<TFound> found, Func<TFound, TItem> answer) =>
        new([.. found.Items.Select(answer)], Next: null, Faults: found.Faults.OrAbsent());

    /// <summary>No member where there is nothing to say.</summary>
    public static IReadOnlyList<string>? OrAbsent(this IReadOnlyList<string> faults) => faults.Count > 0 ? faults : null;

    /// <summary>Written like every record of ours: camel case, enums by name.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) => new JsonAnswer<T>(value, status);
}
