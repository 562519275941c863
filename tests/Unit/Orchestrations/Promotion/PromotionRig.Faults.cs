using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Serverless.Captures;
using Serverless.Rollout;
using Serverless.Storage;

namespace Serverless.Unit.Orchestrations.Promotion;

/// <summary>What happens to a rig from outside: requests, and crashes of the host.</summary>
internal sealed partial class PromotionRig
{
    private const int RequestsPerLook = 200;

    private readonly ConcurrentDictionary<(string, int), bool> _crashedAt = new();
    private readonly SemaphoreSlim _crashes = new(0); // counted, so that none is lost which happens while nobody settles
    private long _files;

    /// <summary>Whether the host crashes at every activity, once each, when its effect is done and its result is not yet kept.</summary>
    public bool CrashesEverywhere { get; init; }

    public int Crashes => _crashedAt.Count;

    /// <summary>Whether requests to the candidate fail.</summary>
    public bool CandidateFails { get; set; }

    /// <summary>Whether each request to the candidate takes seconds.</summary>
    public bool CandidateIsSlow { get; set; }

    /// <summary>Whether the candidate answers mirrored requests as the serving version does.</summary>
    public bool CandidateAgrees { get; set; } = true;

    private void Activity<TIn, TOut>(string name, Func<TIn, Task<TOut>> code) =>
        _host.Registry.AddActivity(name, async (invocation, cancellationToken) =>
        {
            TOut output = await code(Microsoft.DurableTask.Converters.JsonDataConverter.Default.Deserialize<TIn>(invocation.Input)!);
            if (CrashesEverywhere && _crashedAt.TryAdd((invocation.InstanceId, invocation.TaskId), true))
            {
                _crashes.Release();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            return Microsoft.DurableTask.Converters.JsonDataConverter.Default.Serialize(output);
        });

    /// <summary>Until nothing is left to do but to wait for time to pass; crashes on the way are gone through.</summary>
    public async Task SettleAsync()
    {
        while (true)
        {
            using CancellationTokenSource quiet = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task crash = _crashes.WaitAsync(quiet.Token);
            if (await Task.WhenAny(_host.QuietAsync(), crash) != crash)
            {
                await quiet.CancelAsync();
            }
            await crash.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!crash.IsCompletedSuccessfully)
            {
                return;
            }
            await _host.CrashAndRestartAsync();
        }
    }

    /// <summary>What predictors would have captured since the last look, by the record that stands.</summary>
    private async Task SendRequestsAsync()
    {
        RolloutRecord? record = await Get<RolloutStore>().FindAsync(Environment, Model, Cancellation);
        if (record is not { Owner: not null })
        {
            return;
        }
        DateTimeOffset now = _host.Time.GetUtcNow() + TimeSpan.FromSeconds(30);
        int canary = (int)(RequestsPerLook * (record.Canary?.Weight ?? 0));
        List<CaptureRecord> lines =
        [
            .. Enumerable.Range(0, RequestsPerLook - canary).Select(i => Answered(record.Stable, "stable", now, i, failed: false)),
        ];
        await WriteAsync(record.Stable, now, lines);
        int candidate = record.Canary?.Version ?? record.Shadow?.Version ?? 0;
        lines = [.. Enumerable.Range(0, canary).Select(i => Answered(candidate, "canary", now, i, CandidateFails))];
        if (record.Shadow is { } shadow)
        {
            lines.AddRange(Enumerable.Range(0, RequestsPerLook / 2).Select(i => Compared(shadow.Version, record.Stable, now, i)));
        }
        if (lines.Count > 0)
        {
            await WriteAsync(candidate, now, lines);
        }
    }

    private CaptureRecord Answered(int version, string arm, DateTimeOffset now, int i, bool failed) =>
        new()
        {
            Kind = CaptureKind.Prediction,
            PredictionId = PredictionId.Create(Model, version, Environment, arm, now).ToString(),
            Time = now,
            Model = Model,
            Version = version,
            Environment = Environment,
            Arm = arm,
            Status = failed ? 500 : 200,
            Fault = failed ? "model" : null,
            Times = failed ? null : new CaptureTimes(1, 1, 1, (CandidateIsSlow && arm == "canary" ? 1_400 : 10) + (i % 7), 1),
            Output = failed ? null : new OutputSummary("classify", "cat", 0.8, [new("cat", 0.8)], 1, Valid: true),
        };

    private CaptureRecord Compared(int candidate, int reference, DateTimeOffset now, int i)
    {
        OutputSummary output = new("classify", "cat", 0.8, [new("cat", 0.8)], 1, Valid: true);
        return Answered(candidate, "stable", now, i, failed: false) with
        {
            Kind = CaptureKind.Comparison,
            Status = 0,
            Comparison = new ComparisonSummary(
                reference,
                CandidateAgrees,
                CandidateAgrees ? 1 : 0,
                CandidateAgrees ? 0 : 0.2,
                null,
                10,
                10,
                null,
                null,
                output,
                output
            ),
        };
    }

    private async Task WriteAsync(int version, DateTimeOffset time, IReadOnlyList<CaptureRecord> lines)
    {
        using MemoryStream content = new();
        await using (GZipStream gzip = new(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (CaptureRecord line in lines)
            {
                gzip.Write(JsonSerializer.SerializeToUtf8Bytes(line, CaptureJson.Options));
                gzip.WriteByte((byte)'\n');
            }
        }
        content.Position = 0;
        CapturePath path = CapturePath.Make(Model, version, time, time, $"rig{Environment}", ++_files);
        await Get<AzureObjectStore>().WriteAsync(path.Path, content, WriteCondition.IfAbsent, "application/gzip", Cancellation);
    }
}
