using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Validation.Trials;

/// <summary>The other side of <see cref="TrialProcess"/>: this program started once more, to load a model that nobody trusts yet.</summary>
public static class TrialHost
{
    internal const string Argument = "--trial";

    /// <summary>True once a trial was held: the program has nothing else to do. False at once where none was asked for.</summary>
    public static bool TakesOver(string[] args)
    {
        if (args is not [Argument, var bytes, var seconds])
        {
            return false;
        }
        using IsolatedHost host = IsolatedHost.Begin(bytes, seconds);
        using TrialBench bench = new();
        foreach (string line in host.Asks)
        {
            TrialAnswer answer = bench.Do(JsonSerializer.Deserialize<TrialAsk>(line, StoredJson.Options)!);
            host.Answer(answer with { PeakBytes = Isolation.PeakBytes() });
        }
        return true;
    }
}
