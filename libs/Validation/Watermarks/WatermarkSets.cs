using Serverless.Packages;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Watermarks;

/// <summary>Gathers the watermarks that a version must still have. Thread-safe.</summary>
public sealed class WatermarkSets(GoldenSets golden, ValidationOptions options)
{
    /// <summary>What can be tried, its files written into a folder, and what cannot.</summary>
    /// <param name="package">The folder of the version's files.</param>
    internal async Task<(IReadOnlyList<WatermarkSet> Sets, IReadOnlyList<WatermarkFinding> Untried)> GatherAsync(
        ValidationFacts facts,
        string package,
        string folder,
        CancellationToken cancellationToken
    )
    {
        List<WatermarkSet> sets = [];
        List<WatermarkFinding> untried = [];
        if (options.Watermarks.TryGetValue(facts.Model, out WatermarkOptions? wanted))
        {
            await AddAsync(WatermarkSet.OfEnvironment, () =>
                golden.ReadAsync($"{GoldenScope.OfModel(facts.Model)}", wanted.Digest, cancellationToken)
            );
        }
        string own = Path.Combine(package, WatermarkSet.PackageFile);
        if (File.Exists(own))
        {
            await AddAsync(WatermarkSet.OfPackage, () => ReadAsync(own, cancellationToken));
        }
        return (sets, untried);

        async Task AddAsync(string source, Func<Task<BinaryData>> read)
        {
            try
            {
                sets.Add(await WriteAsync(source, facts.Task, await read(), folder, cancellationToken));
            }
            catch (GoldenException e)
            {
                untried.Add(new WatermarkFinding(source, 0, 0, [], e.Message));
            }
        }
    }

    private async Task<WatermarkSet> WriteAsync(
        string source,
        ModelTask task,
        BinaryData lines,
        string folder,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<GoldenItem> items = GoldenReader.Read(lines.ToMemory(), task);
        if (items.Count > WatermarkSet.MaxItems)
        {
            throw new GoldenException(GoldenFault.TooLarge, $"The watermark has {items.Count} items; allowed are {WatermarkSet.MaxItems}.");
        }
        string file = Path.Combine(folder, $"watermark-{source}.jsonl");
        await golden.WriteAsync(file, task, lines, items, cancellationToken);
        return new WatermarkSet(source, file, items);
    }

    private static async Task<BinaryData> ReadAsync(string file, CancellationToken cancellationToken)
    {
        long bytes = new FileInfo(file).Length;
        return bytes <= GoldenReader.MaxBytes
            ? BinaryData.FromBytes(await File.ReadAllBytesAsync(file, cancellationToken))
            : throw new GoldenException(
                GoldenFault.TooLarge,
                $"{WatermarkSet.PackageFile} has {bytes} bytes; allowed are {GoldenReader.MaxBytes}."
            );
    }
}
