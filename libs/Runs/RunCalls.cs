using System.Globalization;

namespace Serverless.Runs;

/// <summary>How often a run asked for one function, and how often that failed. A repetition counts as one more.</summary>
public readonly record struct RunCall(string Name, int Count, int Failed);

/// <summary>
/// What a run asked for, as one text: "AdmitAsset 1 0;AnalyseAsset 2 1". Runs that went the same way have the same text, so that the index
/// holds it once.
/// </summary>
public static class RunCalls
{
    /// <summary>Names of one run that are kept; those that were asked for later are left out.</summary>
    public const int MaxNames = 64;

    private const char BetweenCalls = ';';
    private const char BetweenParts = ' ';
    private const int Parts = 3;

    /// <summary>Empty for a run that asked for nothing. A name with a separator, which no function of an app has, is left out.</summary>
    public static string Write(IEnumerable<RunCall> calls) =>
        string.Join(
            BetweenCalls,
            calls
                .Where(call => call.Name.AsSpan().IndexOfAny(BetweenCalls, BetweenParts) < 0)
                .Take(MaxNames)
                .Select(call => string.Create(CultureInfo.InvariantCulture, $"{call.Name} {call.Count} {call.Failed}"))
        );

    /// <summary>What is none that <see cref="Write"/> made is left out.</summary>
    public static IReadOnlyList<RunCall> Read(string text)
    {
        List<RunCall> calls = [];
        foreach (string call in text.Split(BetweenCalls))
        {
            string[] parts = call.Split(BetweenParts);
            if (parts.Length == Parts && TryReadCount(parts[1], out int count) && TryReadCount(parts[2], out int failed))
            {
                calls.Add(new RunCall(parts[0], count, failed));
            }
        }
        return calls;
    }

    private static bool TryReadCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
