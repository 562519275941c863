using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using NetVips;

namespace Serverless.Media.Images;

/// <summary>The process-wide state of libvips: started once, its loaders cut down to the formats that are read.</summary>
internal static class Vips
{
    private static readonly string[] Loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff"];

    private const string Consequence = "error in tile"; // what libvips says of the place where a loader had a reason to stop

    // Some loaders, as that of PNG, tell their reasons by warnings alone.
    private static readonly Log.LogDelegate Listen = static (_, level, message) =>
    {
        if (level.HasFlag(Enums.LogLevelFlags.Warning) && !message.StartsWith(Consequence, StringComparison.Ordinal))
        {
            _warnings?.Enqueue(message);
        }
    };

    // Of the work that runs alone; of any other nobody knows whose they are.
    private static volatile ConcurrentQueue<string>? _warnings;

    // Taken for writing by work that must run alone.
    private static readonly ReaderWriterLockSlim Running = new();

    private static readonly Lazy<string?> Failure = new(Start);

    public static void EnsureStarted()
    {
        if (Failure.Value is { } failure)
        {
            throw new InvalidOperationException(failure);
        }
    }

    /// <summary>
    /// A source over the bytes, which are copied only where they are no whole array. It must outlive every image made of it.
    /// </summary>
    public static Source Open(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? Source.NewFromMemory(segment.Array)
            : Source.NewFromMemory(bytes.ToArray());

    /// <summary>Runs work that may fail. libvips keeps one list of complaints for all threads, on which whole pictures leave theirs too:
    /// what fails is tried again while nothing else runs, so that the exception holds the complaints and warnings of this work
    /// alone.</summary>
    public static T Run<T>(Func<T> work)
    {
        Running.EnterReadLock();
        try
        {
            return work();
        }
        catch (VipsException)
        {
            // Whose complaints it holds is not known.
        }
        finally
        {
            Running.ExitReadLock();
        }

        Running.EnterWriteLock();
        ConcurrentQueue<string> warnings = [];
        try
        {
            _ = new VipsException(""); // takes all complaints off the list
            _warnings = warnings;
            return work();
        }
        catch (VipsException e) when (!warnings.IsEmpty)
        {
            throw new VipsException(string.Join('\n', [.. warnings, e.Message]), e);
        }
        finally
        {
            _warnings = null;
            Running.ExitWriteLock();
        }
    }

    /// <summary>What went wrong, in one line; warnings come before what they led to.</summary>
    public static string Reason(VipsException e)
    {
        string[] lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("; ", lines.Distinct().TakeLast(3));
    }

    private static string? Start()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            return $"libvips does not start: {ModuleInitializer.Exception?.Message}";
        }
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.AllButFatal, Listen);
        Operation.Block("VipsForeignLoad", true);
        foreach (string loader in Loaders)
        {
            Operation.Block("VipsForeignLoad" + loader, false);
        }
        NetVips.NetVips.BlockUntrusted = true;
        Cache.Max = 0; // results must not outlive their call
        NetVips.NetVips.Concurrency = 1; // callers run pictures in parallel, not parts of one
        return null;
    }
}
