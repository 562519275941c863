namespace Serverless.Functions.Azure.Assets;

public sealed class UploadOptions
{
    /// <summary>Most bytes of an upload through HTTP, 4 GiB by default; it is streamed, so that raising it costs no memory. Larger files
    /// go to storage directly.</summary>
    public long MaxBytes { get; set; } = 4L << 30;
}
