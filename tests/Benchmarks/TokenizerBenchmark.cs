using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Tokenizers;

namespace Serverless.Benchmarks;

/// <summary>Tokens a second on one thread, against transformers.js on the same texts and files, the two taking turns.</summary>
internal static class TokenizerBenchmark
{
    private static readonly string Data = Path.Combine(Checkout.Root, "tests", "Data");

    /// <summary>The three kinds of model: WordPiece, byte-level byte-pair encoding, Unigram.</summary>
    public static string[] Names { get; } = ["wordpiece-uncased", "roberta", "xlm-roberta"];

    /// <summary>The best of several turns each; the peer is left out where its packages are not installed.</summary>
    public static Measurement Compare(string name, int turns, TimeSpan turn)
    {
        double ours = 0,
            peer = 0;
        for (int i = 0; i < turns; i++)
        {
            ours = Math.Max(ours, MeasureOurs(name, turn));
            peer = Math.Max(peer, MeasureOracle(name, turn) ?? 0);
        }
        return new Measurement(
            $"Tokens, {name}",
            ours,
            "tokens/s",
            "higher",
            Aim: peer > 0 ? peer : null,
            "transformers.js",
            peer > 0 ? peer : null,
            peer > 0 ? ours / peer : null
        );
    }

    /// <summary>Tokens a second of ours.</summary>
    public static double MeasureOurs(string name, TimeSpan duration)
    {
        Tokenizer tokenizer = Tokenizer.Load(Path.Combine(Data, "tokenizers", name));
        string[] texts = ReadCorpus();
        var encoding = new TokenEncoding();
        for (int i = 0; i < 50; i++)
        {
            Round();
        }
        long tokens = 0,
            start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            tokens += Round();
        }
        return tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;

        long Round()
        {
            long count = 0;
            foreach (string text in texts)
            {
                tokenizer.Encode(text, encoding);
                count += encoding.Count;
            }
            return count;
        }
    }

    /// <summary>Tokens a second of transformers.js, or null where it is not installed.</summary>
    public static double? MeasureOracle(string name, TimeSpan duration)
    {
        if (!Directory.Exists(Path.Combine(Data, "oracle", "node_modules")))
        {
            return null;
        }
        string script = Path.Combine(Checkout.Root, "tests", "Benchmarks", "tokenizer-oracle.mjs");
        string[] arguments = [script, Path.Combine(Data, "tokenizers", name), duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)];
        using Process process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{script} ended with {process.ExitCode} for {name}.");
    }

    /// <summary>Without the few texts that hold half of a surrogate pair, which JSON strings cannot give.</summary>
    private static string[] ReadCorpus()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Data, "tokenizers", "corpus.json")));
        var texts = new List<string>();
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            try
            {
                texts.Add(item.GetString()!);
            }
            catch (InvalidOperationException)
            {
                continue;
            }
        }
        return [.. texts];
    }
}
