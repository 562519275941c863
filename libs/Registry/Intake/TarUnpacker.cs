using System.Formats.Tar;
using System.IO.Compression;
using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>Unpacks a tar archive compressed with gzip while it arrives.</summary>
internal static class TarUnpacker
{
    public static async Task RunAsync(Stream archive, StagedPackage stage, ModelLimits limits, CancellationToken cancellationToken)
    {
        await using var packed = new CountingStream(archive, limits.MaxPackageBytes, stage);
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        var guard = new ExpansionGuard(stage, limits.MaxExpansion, () => packed.BytesRead);
        await using var bounded = new BoundedReads(unpacked, stage, guard);
        try
        {
            await using var tar = new TarReader(bounded);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                await TakeAsync(entry, stage, cancellationToken);
            }
        }
        catch (Exception e)
            when (e is InvalidDataException or EndOfStreamException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw stage.Reject("the archive", $"a broken one ({e.Message})", "a whole tar archive, compressed with gzip", e);
        }
    }

    private static async Task TakeAsync(TarEntry entry, StagedPackage stage, CancellationToken cancellationToken)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                if (stage.Admit(entry.Name) is { } path)
                {
                    await stage.AddAsync(path, entry.DataStream ?? Stream.Null, progress: null, cancellationToken);
                }
                break;
            case TarEntryType.Directory or TarEntryType.DirectoryList:
                stage.Admit(entry.Name.EndsWith('/') ? entry.Name : entry.Name + "/");
                break;
            case TarEntryType.GlobalExtendedAttributes: // comments that git and others put first
                stage.Admit("./");
                break;
            case TarEntryType.SymbolicLink or TarEntryType.HardLink:
                throw stage.Reject(entry.Name, $"a link to '{entry.LinkName}'", "plain files and folders");
            default:
                throw stage.Reject(entry.Name, $"an entry of the kind {entry.EntryType}", "plain files and folders");
        }
    }
}
