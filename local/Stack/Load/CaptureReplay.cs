using System.IO.Compression;
using System.Text.Json;
using Serverless.Sizing.Arrivals;

namespace Serverless.Local.Stack.Load;

/// <summary>Predictions that were captured, at the spacing at which they came.</summary>
/// <param name="Calls">In order; offsets from the first, before any speeding up.</param>
/// <param name="Synthesised">Of how many the capture had no payload: they have the body of a sample of about the same length.</param>
internal sealed record CaptureReplay(IReadOnlyList<(TimeSpan At, LoadBody Body)> Calls, int Synthesised)
{
    private const int MostCalls = 1_000_000;
    private const int MostLineChars = 1 << 20;

    private static readonly TimeSpan MostSpent = TimeSpan.FromDays(1);
    private static readonly string[] Parts = ["overhead", "queue", "input", "infer", "output"];

    /// <summary>How long it takes, this much faster.</summary>
    /// <exception cref="StackException">Longer than any load may.</exception>
    public TimeSpan LastsAt(double speed)
    {
        double seconds = Calls[^1].At.TotalSeconds / speed;
        return seconds <= RateShape.Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds) + TimeSpan.FromSeconds(1)
            : throw new StackException(
                FormattableString.Invariant(
                    $"The captures go over {Calls[^1].At.TotalDays:0.#} days, {speed:0.######} × as fast; expected are at most "
                ) + FormattableString.Invariant($"{RateShape.Longest.TotalDays:0} days: replay fewer files, or faster (--speed)."),
                2
            );
    }

    /// <summary>Reads the files that libs/Captures writes (.jsonl.gz), unpacked ones too, or all of a folder.</summary>
    /// <exception cref="StackException">There is no captured prediction, a line is none, or a model has no bodies.</exception>
    public static async Task<CaptureReplay> ReadAsync(string place, IReadOnlyList<LoadBody> given, CancellationToken cancellationToken)
    {
        string[] files = Directory.Exists(place)
            ? [.. Directory.EnumerateFiles(place, "*.jsonl*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [place];
        ILookup<string, LoadBody> own = given.ToLookup(body => body.Sort);
        Dictionary<string, LoadBody[]> samples = new(StringComparer.Ordinal);
        List<(DateTimeOffset At, LoadBody Body)> calls = [];
        int synthesised = 0;
        foreach (string file in files)
        {
            LoadFiles.Demand(file, 1L << 30);
            await using Stream raw = File.OpenRead(file);
            await using Stream content = file.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(raw, CompressionMode.Decompress)
                : raw;
            using StreamReader reader = new(content);
            for (int number = 1; await ReadLineAsync(reader, file, number, cancellationToken) is { } line; number++)
            {
                if (Parse(line, $"{file}, line {number}") is not { } call)
                {
                    continue;
                }
                if (calls.Count == MostCalls)
                {
                    throw new StackException($"{place} has more than {MostCalls} predictions; replay fewer files.", 2);
                }
                LoadBody? body = call.Payload is { } payload ? LoadBody.OfPrediction(call.Model, payload) : null;
                synthesised += body is null ? 1 : 0;
                calls.Add((call.At, body ?? Nearest(call.Model, call.Size)));
            }
        }
        if (calls.Count == 0)
        {
            throw new StackException($"{place} has no captured prediction; expected are files of captures (captures/…/*.jsonl.gz).", 2);
        }
        (DateTimeOffset At, LoadBody Body)[] sorted = [.. calls.OrderBy(call => call.At)];
        return new CaptureReplay([.. sorted.Select(call => (call.At - sorted[0].At, call.Body))], synthesised);

        LoadBody Nearest(string model, long size)
        {
            if (!samples.TryGetValue(model, out LoadBody[]? bodies))
            {
                string sort = LoadBody.Predict + model;
                bodies = [.. (own.Contains(sort) ? own[sort] : LoadBodies.OfSamples(sort))];
                samples.Add(model, bodies);
            }
            return bodies.MinBy(body => Math.Abs(body.Size - size))!;
        }
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader, string file, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new StackException($"{file} is damaged: line {number} cannot be unpacked ({e.Message.TrimEnd('.')}).", 2);
        }
    }

    /// <summary>Null of a line about something else: a comparison, feedback, or the input of an upload.</summary>
    private static (DateTimeOffset At, string Model, long Size, string? Payload)? Parse(string line, string place)
    {
        try
        {
            if (line.Length > MostLineChars)
            {
                throw new FormatException($"it has {line.Length} characters, allowed are {MostLineChars}");
            }
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.GetProperty("kind").GetString() != "prediction" || root.TryGetProperty("source", out _))
            {
                return null;
            }
            DateTimeOffset answered = root.GetProperty("time").GetDateTimeOffset();
            double spent = root.TryGetProperty("times", out JsonElement times) ? Parts.Sum(part => times.GetProperty(part).GetDouble()) : 0;
            if (!(spent <= MostSpent.TotalMilliseconds) || answered.UtcTicks < MostSpent.Ticks)
            {
                throw new FormatException($"it was answered at {answered:O} after {spent} ms");
            }
            JsonElement? input = root.TryGetProperty("input", out JsonElement found) ? found : null;
            bool isText = input?.GetProperty("kind").GetString() == "text" && input.Value.GetProperty("items").GetInt32() == 1;
            return (
                answered - TimeSpan.FromMilliseconds(Math.Max(0, spent)),
                root.GetProperty("model").GetString() ?? throw new FormatException("its model is null"),
                input?.GetProperty("size").GetInt64() ?? 0,
                isText && input!.Value.TryGetProperty("payload", out JsonElement payload) ? payload.GetString() : null
            );
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StackException($"{place} is no line of a capture ({e.Message}).", 2);
        }
    }
}
