using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.Media.Images;

/// <summary>The process-wide state of libvips: started once, its loaders cut down to the formats that are read.</summary>
internal static unsafe class Vips
{
    private const int AllLogLevels = 0xFC;

    private static readonly Lazy<string?> Failure = new(Start);

    public static void EnsureStarted()
    {
        if (Failure.Value is { } failure) throw new InvalidOperationException(failure);
    }

    /// <summary>What went wrong in an operation; libvips keeps one list for all threads and this empties it.</summary>
    public static string TakeError()
    {
        byte* text = VipsNative.TakeErrors();
        try
        {
            string all = Marshal.PtrToStringUTF8((nint)text) ?? "";
            string[] lines = all.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.Length == 0 ? "the decoder gives no reason" : string.Join("; ", lines.Distinct().Take(3));
        }
        finally
        {
            VipsNative.Free(text);
        }
    }

    private static string? Start()
    {
        try
        {
            if (VipsNative.Init("serverless") != 0) return $"libvips does not start: {TakeError()}";

            VipsNative.SetLogHandler("VIPS", AllLogLevels, &Ignore, 0);
            VipsNative.BlockOperation("VipsForeignLoad", 1);
            foreach (string loader in (ReadOnlySpan<string>)["Jpeg", "Png", "Webp", "Nsgif", "Tiff"]) VipsNative.BlockOperation("VipsForeignLoad" + loader, 0);
            VipsNative.BlockUntrusted(1);
            VipsNative.SetCacheMax(0);      // results must not outlive their call
            VipsNative.SetConcurrency(1);   // callers run pictures in parallel, not parts of one
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return "libvips 8.13 or later is missing: `apt-get install libvips42`.";
        }
    }

    // Its warnings describe the bytes of others; what matters of them is in the errors.
    [UnmanagedCallersOnly]
    private static void Ignore(byte* domain, int level, byte* message, nint data)
    {
    }
}
