using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Ids of runs as they stand in an address.</summary>
internal static class RunId
{
    /// <summary>Azure Storage, which keeps an id as a key of a table, takes no longer one (learn.microsoft.com, "Table service data
    /// model").</summary>
    public const int MaxCharacters = 500;

    /// <summary>
    /// Servers decode all of an address but the slash, so that "%2F" stands for one here. An id that itself has these three characters is
    /// written with "%252F" and cannot be told from it; no run is given one.
    /// </summary>
    /// <exception cref="RequestProblem">No run can have this id.</exception>
    public static string Read(string routed)
    {
        string id = routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (id.Length > MaxCharacters)
        {
            throw RequestProblem.BadRequest($"The id of a run has {id.Length} characters; allowed are 1 to {MaxCharacters}.");
        }
        int at = id.AsSpan().IndexOfAnyInRange('\0', '\u001f');
        return at < 0
            ? id
            : throw RequestProblem.BadRequest(
                $"The id of a run has the control character U+{(int)id[at]:X4} at {at}; allowed are characters that can be seen."
            );
    }
}
