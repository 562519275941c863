using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Media.Images;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// A decoded picture that several models look at, some of them after the analysis has ended: its memory goes back with the last of them.
/// Thread-safe; dispose what was given, once each.
/// </summary>
public sealed class SharedPicture(DecodedImage image) : IDisposable
{
    private int _users = 1;
    private int _disposed;

    public DecodedImage Image => image;

    public RgbImage Pixels => new(image.Rgb, image.Width, image.Height);

    public ImageSize Original => new(image.OriginalWidth, image.OriginalHeight);

    /// <summary>Keeps the picture until the lease is disposed of.</summary>
    public IDisposable Lease()
    {
        Interlocked.Increment(ref _users);
        return new Use(this);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            image.Dispose();
        }
    }

    private sealed class Use(SharedPicture picture) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                picture.Leave();
            }
        }
    }
}
