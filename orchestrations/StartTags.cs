namespace Serverless.Orchestrations;

/// <summary>
/// Tags of the runs that one call of a function starts, wherever in its flow. Whoever starts a run is many calls away from whoever knows
/// which function it is for.
/// </summary>
public static class StartTags
{
    private static readonly AsyncLocal<IReadOnlyDictionary<string, string>?> OfFlow = new();

    /// <summary>None outside of a call.</summary>
    internal static IReadOnlyDictionary<string, string> Current => OfFlow.Value ?? new Dictionary<string, string>();

    /// <summary>Holds until the caller returns.</summary>
    public static void Set(string name, string value) => OfFlow.Value = new Dictionary<string, string> { [name] = value };
}
