using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Serverless.Captures;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Exports.Rows;

namespace Serverless.Exports;

/// <summary>
/// Writes exports: captures are read hour by hour, rows are sorted and joined with feedback part by part on disk, and written group by
/// group, so that memory is bounded whatever the window holds. One export at a time in a process; thread-safe.
/// </summary>
public sealed class Exporter(
    CaptureReader captures,
    ExportStore exports,
    ExportsOptions options,
    TimeProvider time,
    ErasedAssets? findErased = null,
    FindAssetFacts? findFacts = null
) : IDisposable
{
    private const int RowsBetweenProgress = 10_000;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly string CodeVersion = typeof(Exporter)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion
        ?? "unknown";

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The same export again writes nothing, and gives the card of the first.</summary>
    /// <param name="feedbackUntil">Feedback of the window's predictions counts until then.</param>
    /// <param name="told">Hears now and then how far it has come; null for nobody.</param>
    /// <exception cref="ExportTooLargeException">The window holds more than may be exported.</exception>
    /// <exception cref="AssetErasedException">Meanwhile an asset was erased.</exception>
    public async Task<ExportCard> RunAsync(
        ExportPlan plan,
        DateTimeOffset feedbackUntil,
        string by,
        Func<ExportProgress, Task>? told,
        CancellationToken cancellationToken
    )
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            LeftOut leftOut = new();
            CaptureSift sift = new(plan, leftOut);
            await using RowSpool spool = RowSpool.Open(options);
            RowTally tally = new();
            DateTimeOffset first = CapturePath.HourOf(plan.From);
            int hours = (int)Math.Ceiling((Max(plan.Until, feedbackUntil) - first) / Hour);
            Func<int, Task> tell = read => told?.Invoke(new ExportProgress(hours, read, tally.Rows)) ?? Task.CompletedTask;
            for (int i = 0; i < hours; i++)
            {
                await tell(i);
                await SpoolAsync(plan, first + (i * Hour), feedbackUntil, sift, spool, leftOut, cancellationToken);
            }
            tally.Erased = await FindErasedAsync(cancellationToken);
            IReadOnlyList<ExportColumn> columns = ExportColumns.Of(plan, sift.Features, sift.Entities);
            await using FileStream data = RowSpool.OpenNameless(options.SpoolFolder);
            IAsyncEnumerable<JoinedRow> rows = ChooseAsync(plan, spool, tally, leftOut, () => tell(hours), cancellationToken);
            FactsJoin? facts = plan.Analyses && findFacts is not null ? new FactsJoin(findFacts, leftOut) : null;
            await ExportFile.WriteAsync(data, columns, facts?.JoinAsync(rows, cancellationToken) ?? rows, cancellationToken);
            data.Position = 0;
            string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(data, cancellationToken));
            data.Position = 0;
            ExportCard card = new(
                plan.Name,
                PlanDigest.Of(plan, sha256),
                plan,
                feedbackUntil,
                tally.Rows,
                tally.ToCounts(facts?.Rows ?? 0),
                leftOut.Counts,
                plan.Redact.Count > 0 ? new CardRedaction(plan.Redact, sift.Mask.Texts, sift.Mask.Mentions) : null,
                [.. columns.Select(column => new CardColumn(column.Field.Name, column.Type, column.Meaning))],
                NotesOf(plan),
                sha256,
                data.Length,
                CodeVersion,
                by,
                time.GetUtcNow(),
                tally.Assets.Count
            );
            card = await exports.AddAsync(card, data, tally.Assets, cancellationToken);
            await RemoveErasedAsync(card, tally.Assets, cancellationToken);
            return card;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task SpoolAsync(
        ExportPlan plan,
        DateTimeOffset hour,
        DateTimeOffset feedbackUntil,
        CaptureSift sift,
        RowSpool spool,
        LeftOut leftOut,
        CancellationToken cancellationToken
    )
    {
        await foreach (CapturePath file in captures.ListAsync(plan.Model, plan.Version, hour, hour + Hour, cancellationToken))
        {
            await foreach (CaptureRecord line in captures.ReadAsync(file.Path, damage => leftOut.Add(damage), cancellationToken))
            {
                // A line of another hour than its file's would be read where its own hour is not, and not where it is.
                if (line.Time < plan.From || line.Time < hour || line.Time >= hour + Hour)
                {
                    continue;
                }
                if (line.Kind == CaptureKind.Prediction && line.Time < plan.Until && sift.ReadRow(line) is { } row)
                {
                    await spool.AddAsync(row, cancellationToken);
                }
                else if (line.Kind == CaptureKind.Feedback && line.Time < feedbackUntil && sift.ReadReport(line) is { } report)
                {
                    await spool.AddAsync(report, cancellationToken);
                }
            }
        }
    }

    /// <summary>Rows come by their hashes, so that the first are the sample.</summary>
    private static async IAsyncEnumerable<JoinedRow> ChooseAsync(
        ExportPlan plan,
        RowSpool spool,
        RowTally tally,
        LeftOut leftOut,
        Func<Task> tell,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        HashSet<string>? labels = plan.Filters.Labels?.ToHashSet();
        await foreach (JoinedRow row in spool.ReadAsync(leftOut, cancellationToken))
        {
            string? reason =
                plan.Filters.Labelled && row.Target is null ? LeftOut.Unlabelled
                : labels?.Contains(row.Target ?? row.Row.Label ?? "") == false ? LeftOut.Filtered
                : row.Row.Asset is { } asset && tally.Erased.Contains(asset) ? LeftOut.Erased
                : tally.Rows >= plan.Sample.Rows ? LeftOut.BeyondRows
                : null;
            if (reason is not null)
            {
                leftOut.Add(reason);
                continue;
            }
            tally.Add(row);
            if (tally.Rows % RowsBetweenProgress == 0)
            {
                await tell();
            }
            yield return row;
        }
    }

    private async Task<IReadOnlySet<string>> FindErasedAsync(CancellationToken cancellationToken) =>
        findErased is null ? new HashSet<string>() : await findErased(cancellationToken);

    /// <summary>
    /// Whoever erases looks for exports after it is on record; this export looks for records after it is there. So one of the two sees the
    /// other.
    /// </summary>
    private async Task RemoveErasedAsync(ExportCard card, ExportAssets assets, CancellationToken cancellationToken)
    {
        if (assets.Count > 0 && assets.HasAny(await FindErasedAsync(cancellationToken)))
        {
            const string reason = "An asset was erased while the export was written.";
            DateTimeOffset now = time.GetUtcNow();
            await exports.RemoveAsync(
                new ExportRemoval(card.Name, card.Version, Asset: null, "erasure", reason, now, card.Sha256, card.Rows),
                cancellationToken
            );
            throw new AssetErasedException($"{card.Name}/{card.Version}");
        }
    }

    private static IReadOnlyList<string> NotesOf(ExportPlan plan) =>
        [
            $"Feedback counts if it came within {ExportLimits.FeedbackAfter.TotalDays:0} days after the window, and of several the last.",
            "Captures are sampled where Captures:SampleRate says so, and vectors are captured of the share Captures:EmbeddingShare.",
            plan.Analyses
                ? "The columns analysis.* are of the analyses that stood when it was written; the same export after another analysis has "
                    + $"another version. They hold {AssetFindings.MaxFindings} findings of a sort at most, and no name, path or metadata."
                : "Analyses of uploads are not in it; the column asset, where captures name it, tells by which id they are found.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"At most {ExportLimits.MaxColumns} features and as many types of entities have columns; texts are captured up to "
            ) + "Captures:MaxPayloadCharacters.",
            .. plan.Redact.Count > 0
                ?
                [
                    "Texts are masked by what the version itself found in them, and left out where it looked for no entities.",
                    .. plan.Analyses
                        ? ["Entities of analyses are counted by their type; their words are left out."]
                        : Array.Empty<string>(),
                ]
                : Array.Empty<string>(),
        ];

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
