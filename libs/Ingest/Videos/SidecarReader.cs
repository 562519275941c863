using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Media.Video;
using Serverless.Storage;

namespace Serverless.Ingest.Videos;

/// <summary>Reads the files of subtitles beside films. Thread-safe.</summary>
public sealed class SidecarReader(AssetStores stores, SubtitleReader reader, VideoTempFiles tempFiles)
{
    /// <summary>A file of more bytes is not read; those of a long film have 200 KB.</summary>
    private const int MaxSidecarBytes = 4 << 20;

    /// <summary>Its encoding is ours to tell; its form is ffmpeg's.</summary>
    /// <exception cref="MediaRejectedException">It cannot be read, or is gone.</exception>
    public async Task<SubtitleText> ReadAsync(AssetSource film, Sidecar sidecar, TimeSpan end, CancellationToken cancellationToken)
    {
        if (sidecar.Length > MaxSidecarBytes)
        {
            throw new MediaRejectedException(MediaFault.TooLarge, $"Found {sidecar.Length:N0} bytes; allowed are {MaxSidecarBytes:N0}.");
        }
        byte[] bytes = new byte[sidecar.Length];
        try
        {
            await using Stream stream = await stores.MediaOf(film).OpenAsync(sidecar.Path, sidecar.Version, 0, cancellationToken);
            await stream.ReadExactlyAsync(bytes, cancellationToken);
        }
        catch (Exception e) when (e is ObjectMissingException or ObjectChangedException)
        {
            throw new MediaRejectedException("It was replaced or deleted while the film was analysed.", e);
        }
        string path = tempFiles.NewPath();
        try
        {
            await File.WriteAllTextAsync(path, TextDocument.Decode(bytes), cancellationToken);
            return await reader.ReadFileAsync(path, sidecar.IsWebVtt, end, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
