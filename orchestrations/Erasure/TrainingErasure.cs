using Serverless.Exports;
using Serverless.Ingest.Steps;
using Serverless.Validation.Golden;

namespace Serverless.Orchestrations.Erasure;

/// <summary>Takes an erased asset out of what versions learn from and are judged by. Thread-safe.</summary>
internal sealed class TrainingErasure(ExportErasure exports, GoldenErasure golden)
{
    /// <summary>May be repeated.</summary>
    public async Task<ErasureRecord> RemoveAsync(ErasureRecord record, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> removed = await exports.RemoveAsync(record.Asset, record.By, cancellationToken);
        IReadOnlyList<string> sets = await golden.RemoveAsync(record.Asset, record.By, cancellationToken);
        return record with { Exports = removed.Count > 0 ? removed : null, GoldenSets = sets.Count > 0 ? sets : null };
    }
}
