using System.IO.Compression;
using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>Unpacks a zip archive. Its directory is at the end, so the archive is first written to a file beside the package.</summary>
internal static class ZipUnpacker
{
    // The upper half of the external attributes is st_mode where the archive was made on Unix.
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int SymbolicLink = 0xA000;

    public static async Task RunAsync(
        Stream archive,
        string spool,
        StagedPackage stage,
        ModelLimits limits,
        CancellationToken cancellationToken
    )
    {
        await using FileStream file = new(
            spool,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );
        await using (var counted = new CountingStream(archive, limits.MaxPackageBytes, stage))
        {
            await counted.CopyToAsync(file, cancellationToken);
        }
        try
        {
            ZipDirectory.Check(file, stage, limits);
            var guard = new ExpansionGuard(stage, limits.MaxExpansion, () => file.Length);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                await TakeAsync(entry, stage, guard, cancellationToken);
            }
        }
        catch (InvalidDataException e)
        {
            throw stage.Reject("the archive", $"a broken one ({e.Message})", "a whole zip archive", e);
        }
    }

    private static async Task TakeAsync(
        ZipArchiveEntry entry,
        StagedPackage stage,
        ExpansionGuard guard,
        CancellationToken cancellationToken
    )
    {
        int type = (entry.ExternalAttributes >> 16) & FileTypeMask;
        if (type is not (0 or RegularFile or Folder))
        {
            throw stage.Reject(
                entry.FullName,
                type == SymbolicLink ? "a link" : $"an entry of the kind {type >> 12:x}",
                "plain files and folders"
            );
        }
        if (entry.IsEncrypted)
        {
            throw stage.Reject(entry.FullName, "an encrypted file", "plain ones");
        }
        // PowerShell 5 writes backslashes between folders, against APPNOTE.TXT 4.4.17.
        if (stage.Admit(entry.FullName.Replace('\\', '/')) is not { } path)
        {
            return;
        }
        await using Stream content = await entry.OpenAsync(cancellationToken);
        await stage.AddAsync(path, content, guard.Check, cancellationToken);
    }
}
