using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Parquet;
using Parquet.Data;
using Parquet.Schema;
using Serverless.Captures;
using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Storage;
using Serverless.Unit.Captures;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Exports;

/// <summary>An exporter over a bucket of its own, what is captured in it, and what comes out.</summary>
internal sealed class ExportRig : IDisposable
{
    public static readonly DateTimeOffset Start = TestCaptures.Start;

    private readonly IObjectStore _store;
    private long _written;
    private int _looks;

    private ExportRig(IObjectStore store, long maxSpoolBytes)
    {
        _store = store;
        Exports = new ExportStore(store);
        Exporter = new Exporter(
            new CaptureReader(store, NullLogger<CaptureReader>.Instance),
            Exports,
            new ExportsOptions { MaxSpoolBytes = maxSpoolBytes },
            new FakeTimeProvider(Start.AddDays(1)),
            _ =>
            {
                IReadOnlySet<string> known = new HashSet<string>(Erased);
                Erased.UnionWith(ErasedNext);
                return Task.FromResult(known);
            },
            (asset, _) =>
            {
                Interlocked.Increment(ref _looks);
                return Task.FromResult(Facts.GetValueOrDefault(asset) ?? []);
            }
        );
        Erasure = new ExportErasure(Exports, new FakeTimeProvider(Start.AddDays(1)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static ExportPlan Plan { get; } =
        new("news", "entities", 1, "prod", Start, Start.AddHours(2), new ExportFilters(), new ExportSample(), [], Embeddings: false, []);

    public IObjectStore Store => _store;

    public Exporter Exporter { get; }

    public ExportStore Exports { get; }

    public ExportErasure Erasure { get; }

    /// <summary>Assets that are on record as erased.</summary>
    public HashSet<string> Erased { get; } = [];

    /// <summary>Assets that are erased once somebody has looked.</summary>
    public HashSet<string> ErasedNext { get; } = [];

    /// <summary>What the analyses of an upload say.</summary>
    public Dictionary<string, IReadOnlyList<AssetFacts>> Facts { get; } = [];

    /// <summary>How often that was asked for.</summary>
    public int Looks => _looks;

    public static async Task<ExportRig> OpenAsync(SharedServers servers, long maxSpoolBytes = 1L << 30) =>
        new(await TestBucket.OpenAsync(servers), maxSpoolBytes);

    public static CaptureRecord Prediction(int minute, string label = "harbour", double score = 0.75) =>
        TestCaptures.Prediction(Start.AddMinutes(minute)) with
        {
            Output = new OutputSummary("classify", label, score, [new(label, score)], 1, Valid: true),
        };

    public static CaptureRecord Feedback(CaptureRecord prediction, string? label, int minutesLater = 1, bool isSealed = true) =>
        prediction with
        {
            Kind = CaptureKind.Feedback,
            Time = prediction.Time.AddMinutes(minutesLater),
            Status = 0,
            Input = null,
            Output = null,
            Feedback = new FeedbackSummary(null, label, prediction.Time, isSealed, label == prediction.Output?.Label),
        };

    public static CaptureRecord Text(int minute, string text, params (string Type, string Words)[] found)
    {
        string[] labels =
        [
            .. found.Select(each => $"{each.Type}@{text.IndexOf(each.Words, StringComparison.Ordinal)}+{each.Words.Length}"),
        ];
        return TestCaptures.Prediction(Start.AddMinutes(minute)) with
        {
            Input = new InputSummary("text", 1, text.Length, "en", Payload: text),
            Output = new OutputSummary(
                "entities",
                labels.FirstOrDefault(),
                labels.Length > 0 ? 0.9 : null,
                [.. labels.Select(label => new ScoredLabel(label, 0.9))],
                labels.Length,
                Valid: true,
                Entities: found.CountBy(each => each.Type).ToDictionary()
            ),
        };
    }

    public void Dispose() => Exporter.Dispose();

    /// <summary>As the writer does, by hour.</summary>
    public async Task CaptureAsync(params CaptureRecord[] lines)
    {
        foreach (IGrouping<DateTimeOffset, CaptureRecord> hour in lines.GroupBy(line => CapturePath.HourOf(line.Time)))
        {
            await CaptureAsync(hour.Key, string.Concat(hour.Select(line => JsonSerializer.Serialize(line, CaptureJson.Options) + "\n")));
        }
    }

    public async Task CaptureAsync(DateTimeOffset hour, string lines)
    {
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        await using (StreamWriter writer = new(gzip))
        {
            await writer.WriteAsync(lines);
        }
        packed.Position = 0;
        string path = CapturePath.Make("entities", 1, hour, hour.AddMinutes(59.9), "w", ++_written).Path;
        await _store.WriteAsync(path, packed, WriteCondition.IfAbsent, "application/gzip", Token);
    }

    public Task<ExportCard> ExportAsync(ExportPlan plan) => Exporter.RunAsync(plan, plan.Until.AddHours(1), "ana", told: null, Token);

    public async Task<byte[]> ReadAsync(ExportCard card)
    {
        using MemoryStream content = new();
        await using Stream data = await Exports.OpenAsync(card, Token);
        await data.CopyToAsync(content, Token);
        return content.ToArray();
    }

    /// <summary>A column of texts.</summary>
    public async Task<IReadOnlyList<string?>> TextsAsync(ExportCard card, string column)
    {
        List<string?> texts = [];
        await using ParquetReader reader = await ParquetReader.CreateAsync(
            new MemoryStream(await ReadAsync(card)),
            cancellationToken: Token
        );
        DataField field = reader.Schema.FindDataField(column);
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            string?[] values = new string?[group.RowCount];
            await group.ReadAsync(field, values.AsMemory(), cancellationToken: Token);
            texts.AddRange(values);
        }
        return texts;
    }

    /// <summary>A column of numbers.</summary>
    public async Task<IReadOnlyList<T?>> ValuesAsync<T>(ExportCard card, string column)
        where T : struct
    {
        List<T?> found = [];
        await using ParquetReader reader = await ParquetReader.CreateAsync(
            new MemoryStream(await ReadAsync(card)),
            cancellationToken: Token
        );
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            T?[] values = new T?[group.RowCount];
            await group.ReadAsync<T>(reader.Schema.FindDataField(column), values.AsMemory(), cancellationToken: Token);
            found.AddRange(values);
        }
        return found;
    }

    /// <summary>The first group's vectors, one after the other, and where each row begins.</summary>
    public async Task<(float[] Values, int[] Definitions, int[] Repetitions)> VectorsAsync(ExportCard card)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(
            new MemoryStream(await ReadAsync(card)),
            cancellationToken: Token
        );
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        DataField element = reader.Schema.DataFields.Single(field =>
            field.Path.ToString().StartsWith("embedding", StringComparison.Ordinal)
        );
        using RawColumnData raw = await group.ReadRawColumnDataBaseAsync(element, Token);
        RawColumnData<float> values = (RawColumnData<float>)raw;
        return (values.Values.ToArray(), values.DefinitionLevels.ToArray(), values.RepetitionLevels.ToArray());
    }
}
