using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;

namespace Serverless.Inference.Serving.Lanes;

/// <summary>
/// Batches token sequences of many callers. A sequence costs its length rounded up to a bucket and shares runs with those of its bucket
/// only, so that little of a run is padding however the lengths are mixed.
/// </summary>
internal sealed class TextLane(TextRunner runner, Batcher<TextLane.Work> batcher, long maxCost) : IDisposable
{
    /// <summary>One sequence, and who takes its part of the output.</summary>
    internal readonly record struct Work(TokenRow Row, OutputRowHandler Take);

    public static TextLane Open(
        TextRunner runner,
        RuntimeOptions runtime,
        ServingOptions options,
        TimeProvider time,
        ModelMeter meter,
        Action<BatchOverrun> overran
    )
    {
        int rows = runner.FixedBatch ?? 0,
            length = runner.FixedLength ?? 0;
        BatchLimits limits = options.LimitsFor("tokens", Math.Max(runtime.MaxBatchTokens, Math.Max(1, rows) * length), runner.FixedBatch);
        return new TextLane(
            runner,
            new Batcher<Work>(
                limits,
                (work, faults, cancellationToken) => Run(runner, work, faults, cancellationToken),
                time,
                meter,
                overran
            ),
            limits.MaxCost
        );
    }

    /// <summary>Calls take once for each sequence that is not empty, in any order and on any thread, with its part of the output.</summary>
    public Task<ItemTimes> RunAsync(
        TokenSequences sequences,
        OutputRowHandler take,
        RequestTerms terms,
        CancellationToken cancellationToken
    )
    {
        var items = new List<BatchItem<Work>>(sequences.Count);
        for (int i = 0; i < sequences.Count; i++)
        {
            if (sequences.Length(i) == 0)
            {
                // answers itself
                continue;
            }
            int length = sequences.Length(i);
            long cost = runner.FixedLength ?? (length <= maxCost ? Math.Min(LengthBucket.Of(length), maxCost) : length);
            items.Add(new BatchItem<Work>(new Work(new TokenRow(sequences, i), take), new BatchKey(cost), cost));
        }
        return batcher.RunAsync(items, terms, cancellationToken);
    }

    public long QueuedCost => batcher.QueuedCost;

    public void Dispose() => batcher.Dispose();

    private static RunTimes Run(
        TextRunner runner,
        ReadOnlyMemory<Work> work,
        Memory<Exception?> faults,
        CancellationToken cancellationToken
    )
    {
        TokenRow[] rows = new TokenRow[work.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = work.Span[i].Row;
        }
        return runner.RunBatch(
            rows,
            RowFaults.Catch(faults, (i, values, shape) => work.Span[i].Take(rows[i].Index, values, shape)),
            cancellationToken
        );
    }
}
