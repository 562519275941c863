using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Serverless.Storage;

namespace Serverless.Validation.Trials;

/// <summary>
/// The other side of <see cref="TrialProcess"/>: this program started once more, to load a model that nobody trusts yet. It answers one
/// JSON line for each line of its standard input, and ends when that is closed, also when its host dies.
/// </summary>
public static class TrialHost
{
    internal const string Argument = "--trial";

    /// <summary>True once a trial was held: the program has nothing else to do. False at once where none was asked for.</summary>
    public static bool TakesOver(string[] args)
    {
        if (args is not [Argument, var limit])
        {
            return false;
        }
        int output = Isolation.Begin(long.Parse(limit, System.Globalization.CultureInfo.InvariantCulture));
        using FileStream answers = new(new SafeFileHandle(output, ownsHandle: true), FileAccess.Write, bufferSize: 0);
        using BlockingCollection<string> asks = [];
        new Thread(() => ReadAsks(asks)) { IsBackground = true, Name = "asks" }.Start();
        using TrialBench bench = new();
        foreach (string line in asks.GetConsumingEnumerable())
        {
            TrialAnswer answer = bench.Do(JsonSerializer.Deserialize<TrialAsk>(line, StoredJson.Options)!) with
            {
                PeakBytes = Isolation.PeakBytes(),
            };
            answers.Write([.. JsonSerializer.SerializeToUtf8Bytes(answer, StoredJson.Options), (byte)'\n']);
        }
        return true;
    }

    /// <summary>On a thread of its own, which notices that the host has gone also while the model hangs.</summary>
    private static void ReadAsks(BlockingCollection<string> asks)
    {
        while (Console.In.ReadLine() is { } line)
        {
            asks.Add(line);
        }
        Isolation.End();
    }
}
