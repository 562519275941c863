using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Serverless.Storage;

namespace Serverless.Ingest.Videos;

/// <summary>
/// Videos on this machine's disk while they are decoded: ffmpeg needs files it can seek in. Each instance has a folder of its own, and
/// beside it a file that it holds open; those that nobody holds, since their process was killed, are removed at the next start.
/// </summary>
public sealed class VideoTempFiles : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private const long Reserve = 256 << 20; // disk that is left to others
    private const string HoldSuffix = ".hold";
    private const int Tries = 10;

    private readonly AssetStores _stores;
    private readonly FileStream _hold;
    private readonly string _folder;
    private int _next;

    public VideoTempFiles(AssetStores stores, VideoAnalysisOptions options)
    {
        _stores = stores;
        Directory.CreateDirectory(options.SpoolFolder);
        foreach (string hold in Directory.EnumerateFiles(options.SpoolFolder, $"*{HoldSuffix}"))
        {
            RemoveIfLeft(hold);
        }
        _hold = TakeHold(options.SpoolFolder);
        _folder = FolderOf(_hold.Name);
        Directory.CreateDirectory(_folder);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
        File.Delete(_hold.Name);
        _hold.Dispose();
    }

    private static string FolderOf(string hold) => hold[..^HoldSuffix.Length];

    private static FileStream TakeHold(string root)
    {
        for (int tried = 1; ; tried++)
        {
            try
            {
                return new FileStream(
                    Path.Combine(root, Path.GetRandomFileName() + HoldSuffix),
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.None
                );
            }
            catch (IOException) when (tried < Tries)
            {
                // Another that starts now saw the file before it was held, and removes it.
            }
        }
    }

    private static void RemoveIfLeft(string hold)
    {
        try
        {
            using FileStream left = new(hold, FileMode.Open, FileAccess.Write, FileShare.None);
            if (Directory.Exists(FolderOf(hold)))
            {
                Directory.Delete(FolderOf(hold), recursive: true);
            }
            File.Delete(hold);
        }
        catch (IOException)
        {
            // It is held, or another that starts now removes it too.
        }
    }

    /// <summary>A video on disk; disposing removes it.</summary>
    public sealed record TempVideo(string Path, string Sha256) : IDisposable
    {
        public void Dispose() => File.Delete(Path);
    }

    /// <summary>Copies exactly the requested version, whose length admission has bounded.</summary>
    /// <exception cref="IOException">The disk has not enough room.</exception>
    public async Task<TempVideo> FetchAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        long free = new DriveInfo(_folder).AvailableFreeSpace;
        if (free - Reserve < request.Length)
        {
            throw new IOException(
                $"No room in {_folder} for a video of {request.Length:N0} bytes: {free:N0} are free, {Reserve:N0} stay free."
            );
        }

        // A name of our own making: what the uploader called it never reaches the file system.
        string path = NewPath();
        try
        {
            return new TempVideo(path, await CopyAsync(request, path, cancellationToken));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>A name for a small file, which whoever writes it deletes.</summary>
    public string NewPath() => Path.Combine(_folder, Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture));

    private async Task<string> CopyAsync(AnalysisRequest request, string path, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using Stream source = await _stores
                .MediaOf(request.Source)
                .OpenAsync(_stores.PathOf(request.Source), request.Source.Version, 0, cancellationToken);
            await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            long copied = 0;
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                copied += read;
                if (copied > request.Length)
                {
                    throw new IOException(
                        $"{_stores.PathOf(request.Source)} has more than the {request.Length:N0} bytes that were admitted."
                    );
                }
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
