using Serverless.Captures;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Media.Images;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Serving.Work;
using Serverless.Validation.Golden;

namespace Serverless.Orchestrations.Drift.Validations;

/// <summary>
/// Asks a version for its answers to a golden set, as callers ask it, and sums them up as if they had been captured: the reference that a
/// validation is. Once for each version, environment and set. Thread-safe.
/// </summary>
public sealed class GoldenTraffic(
    GoldenSets golden,
    ModelRegistry registry,
    ModelServer models,
    ImageReader images,
    CaptureOptions capturing,
    DriftStore drift,
    TimeProvider time
)
{
    /// <summary>A window keeps as many rows. Of a larger set the first by their hashes are asked.</summary>
    private const int MaxItems = SummaryLimits.WindowRows;

    private const int Top = 5; // as predictions have it
    private const int DecodePixels = 1_280; // as Predictions:DecodePixels has it by default
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    public async Task KeepAsync(DriftSubject subject, ValidatedQuality validated, CancellationToken cancellationToken)
    {
        if (await drift.FindGoldenAsync(subject, validated.Golden, cancellationToken) is not null)
        {
            return;
        }
        ModelVersion version = new(subject.Model, subject.Version);
        if (await registry.FindAsync(version, cancellationToken) is not { Task: not ModelTask.Tensors } manifest)
        {
            return; // callers' tensors are described by their size alone
        }
        if (await FindLinesAsync(validated, cancellationToken) is not { } lines)
        {
            return;
        }
        GoldenItem[] items =
        [
            .. GoldenReader
                .Read(lines.ToMemory(), manifest.Task)
                .OrderBy(item => PredictionHash.Of(item.Id, HashPurpose.Drift))
                .Take(MaxItems),
        ];
        bool saysLanguages = items.Any(item => item.Language is not null);
        using ModelLease lease = await models.AcquireAsync(version, cancellationToken);
        TrafficSummary traffic = TrafficSummary.OfWindow();
        foreach (GoldenItem item in items)
        {
            foreach (CaptureRecord line in await AnswerAsync(lease.Model, subject, item, cancellationToken))
            {
                traffic.Add(AsAsked(ObservationReader.Read(line)!, saysLanguages));
            }
        }
        DateTimeOffset hour = CapturePath.HourOf(validated.At);
        StoredWindow window = new(new DriftWindow(hour, hour.AddHours(1)), traffic.ToStored(), CaptureFaults.None, Files: 0, Silent: 0);
        await drift.KeepGoldenAsync(subject, validated.Golden, window, cancellationToken);
    }

    /// <summary>Null where the set was replaced since, as it had items of an asset that was erased.</summary>
    private async Task<BinaryData?> FindLinesAsync(ValidatedQuality validated, CancellationToken cancellationToken)
    {
        try
        {
            return await golden.ReadAsync(validated.Scope, validated.Golden, cancellationToken);
        }
        catch (GoldenException e) when (e.Fault == GoldenFault.Missing)
        {
            return null;
        }
    }

    /// <summary>The answer, and what the set says of it where that is right or wrong.</summary>
    private async Task<IReadOnlyList<CaptureRecord>> AnswerAsync(
        ServedModel model,
        DriftSubject subject,
        GoldenItem item,
        CancellationToken cancellationToken
    )
    {
        using IPredictionWork work = await WorkOfAsync(model.Task, item, cancellationToken);
        RequestTerms terms = new(RequestPriority.Low, time.GetUtcNow() + Within, WaitsForRoom: true);
        WorkOutcome outcome = await work.RunAsync(model, terms, cancellationToken);
        CaptureRecord answer = new()
        {
            Kind = CaptureKind.Prediction,
            PredictionId = $"golden.{item.Id}",
            Time = time.GetUtcNow(),
            Model = subject.Model,
            Version = subject.Version,
            Environment = subject.Environment,
            Arm = "golden",
            Status = 200,
            Input = work.Describe(capturing),
            Output = outcome.View.Summarise(withVector: true),
        };
        return item.Label is { } label && outcome.View.BestLabel is { } best
            ?
            [
                answer,
                answer with
                {
                    Kind = CaptureKind.Feedback,
                    Feedback = new FeedbackSummary(null, label, answer.Time, Sealed: true, Correct: label == best),
                },
            ]
            : [answer];
    }

    private async Task<IPredictionWork> WorkOfAsync(ModelTask task, GoldenItem item, CancellationToken cancellationToken)
    {
        if (item.Media is { } media)
        {
            BinaryData bytes = await golden.ReadMediaAsync(media, cancellationToken);
            DecodedImage picture = await images.DecodeAsync(bytes, DecodePixels, 0, cancellationToken);
            ImageSize original = new(picture.OriginalWidth, picture.OriginalHeight);
            RgbImage pixels = new(picture.Rgb, picture.Width, picture.Height);
            return new ImageWork(pixels, original, bytes.ToMemory().Length, Top, choice: null, picture);
        }
        return task == ModelTask.Reranking
            ? new RerankWork(item.Text!, item.Documents!, topN: null, item.Language)
            : new TextWork([item.Text!], Top, item.Language);
    }

    /// <summary>
    /// A golden set comes by no way that callers come by. One that never says a language has nothing that those of callers could be held
    /// against; in one that says some, the items without are as requests without.
    /// </summary>
    internal static Observation AsAsked(Observation row, bool saysLanguages) =>
        row with
        {
            Categories = row
                .Categories.Where(category =>
                    category.Key != FeatureNames.Source && (saysLanguages || category.Key != FeatureNames.Language)
                )
                .ToDictionary(),
        };
}
