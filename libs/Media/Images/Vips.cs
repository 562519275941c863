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
            Volatile.Read(ref _warnings)?.Enqueue(message);
        }
    };

    /// <summary>Said of a picture that failed beside others.</summary>
    public const string UnknownReason = "which of the complaints are its own is not known, since others were read at the same time";

    /// <summary>Others wait while work runs alone: most of what it may have taken before, and of the wait until it is alone.</summary>
    private static readonly TimeSpan MostAlone = TimeSpan.FromSeconds(1),
        Patience = TimeSpan.FromSeconds(1);

    // Of the work that runs alone; of any other nobody knows whose they are.
    private static ConcurrentQueue<string>? _warnings;

    // Taken for writing by work that must run alone.
    private static readonly ReaderWriterLockSlim Running = new();

    // How many have begun.
    private static long _entered;

    // Since work that takes long was met, until nothing runs.
    private static volatile bool _isCrowded;

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

    /// <summary>
    /// Runs work that may fail, so that the exception holds the complaints and warnings of this work alone. libvips keeps one list of them
    /// for all threads, on which whole pictures leave theirs too. What fails beside others is therefore tried again while nothing else
    /// runs, where that makes nobody wait for long; where it would, <see cref="UnknownReason"/> stands in for what is not known.
    /// </summary>
    /// <param name="time">Null takes the system's.</param>
    public static T Run<T>(Func<T> work, TimeProvider? time = null)
    {
        TimeProvider clock = time ?? TimeProvider.System;
        long started = clock.GetTimestamp();
        try
        {
            return RunBesideOthers(work);
        }
        catch (ComplaintsMixedException) when (clock.GetElapsedTime(started) <= MostAlone)
        {
            // Whose complaints it holds is not known; as long as it took once it takes again.
        }
        catch (ComplaintsMixedException e)
        {
            throw new VipsException(UnknownReason, e);
        }
        return RunAlone(work);
    }

    private static T RunBesideOthers<T>(Func<T> work)
    {
        Running.EnterReadLock();
        long entered = Interlocked.Increment(ref _entered);
        bool isAlone = Running.CurrentReadCount == 1;
        ConcurrentQueue<string> warnings = [];
        if (isAlone)
        {
            _ = new VipsException(""); // takes all complaints off the list
            Volatile.Write(ref _warnings, warnings);
        }
        try
        {
            return work();
        }
        catch (VipsException e)
        {
            // Whoever comes while this runs is not alone, and makes this not alone.
            throw isAlone && Interlocked.Read(ref _entered) == entered ? WithWarnings(e, warnings) : new ComplaintsMixedException(e);
        }
        finally
        {
            if (isAlone)
            {
                _ = Interlocked.CompareExchange(ref _warnings, null, warnings);
            }
            if (Running.CurrentReadCount == 1)
            {
                _isCrowded = false;
            }
            Running.ExitReadLock();
        }
    }

    private static T RunAlone<T>(Func<T> work)
    {
        // While one waits for the others to end, nobody begins: once for each picture that takes long, not for each that fails beside it.
        if (!Running.TryEnterWriteLock(_isCrowded ? TimeSpan.Zero : Patience))
        {
            _isCrowded = true;
            throw new VipsException(UnknownReason);
        }
        ConcurrentQueue<string> warnings = [];
        try
        {
            _ = new VipsException("");
            Volatile.Write(ref _warnings, warnings);
            return work();
        }
        catch (VipsException e)
        {
            throw WithWarnings(e, warnings);
        }
        finally
        {
            Volatile.Write(ref _warnings, null);
            Running.ExitWriteLock();
        }
    }

    private static VipsException WithWarnings(VipsException e, ConcurrentQueue<string> warnings) =>
        warnings.IsEmpty ? e : new VipsException(string.Join('\n', [.. warnings, e.Message]), e);

    /// <summary>What went wrong, in one line; warnings come before what they led to.</summary>
    public static string Reason(VipsException e)
    {
        string[] lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("; ", lines.Distinct().TakeLast(3));
    }

    /// <summary>Work failed, with complaints that may be another's.</summary>
    private sealed class ComplaintsMixedException(VipsException e) : Exception(e.Message, e);

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
