using System.Text;
using Microsoft.Extensions.Logging;
using Serverless.Local.Queues;

namespace Serverless.Local.Events.AccessLogs;

/// <summary>
/// Follows a storage server's access log and hands each new request to its observer, on one thread, within milliseconds of the
/// write. A hint and no more: lines may be missed (a rotated file, a full watch queue), so the observer also looks for itself.
/// </summary>
internal sealed class AccessLog : IAsyncDisposable
{
    /// <summary>How often the file is looked at although no change was announced.</summary>
    private static readonly TimeSpan SlowCheck = TimeSpan.FromSeconds(5);

    /// <summary>A line is a request's target of at most some kilobytes; more is not a log line.</summary>
    private const int MaxLineBytes = 64 * 1024;

    private readonly string _path;
    private readonly Action<AccessLogLine> _observer;
    private readonly ILogger _logger;
    private readonly Wakeup _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private FileSystemWatcher? _watcher;
    private long _position;
    private byte[] _rest = [];

    /// <summary>Calls back for each request that finishes from now on. The callback must not block.</summary>
    public AccessLog(string path, Action<AccessLogLine> observer, TimeProvider time, ILogger logger)
    {
        (_path, _observer, _logger, _changed) = (Path.GetFullPath(path), observer, logger, new Wakeup(time));
        _position = File.Exists(_path) ? new FileInfo(_path).Length : 0;
        _following = FollowAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _watcher?.Dispose();
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        await Task.Yield();
        do
        {
            try
            {
                if (_watcher is null)
                {
                    Watch();
                }

                ReadNewLines();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _logger.AccessLogUnreadable(_path, failure.Message);
            }
        } while (await WaitForChangeAsync());
    }

    /// <summary>False at the end.</summary>
    private async Task<bool> WaitForChangeAsync()
    {
        try
        {
            await _changed.WaitAsync(SlowCheck, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Watch()
    {
        string directory = Path.GetDirectoryName(_path)!;
        if (!Directory.Exists(directory))
        {
            return;
        }

        FileSystemWatcher watcher = new(directory, Path.GetFileName(_path))
        {
            NotifyFilter = NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.FileName,
        };
        watcher.Changed += (_, _) => _changed.Signal();
        watcher.Created += (_, _) => _changed.Signal();
        watcher.Error += (_, _) => _changed.Signal();
        _watcher = watcher;
        watcher.EnableRaisingEvents = true; // fails, once, where the system has no more watches; the slow check remains
    }

    private void ReadNewLines()
    {
        if (!File.Exists(_path))
        {
            return;
        }

        using FileStream file = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length < _position)
        {
            (_position, _rest) = (0, []); // truncated or begun anew by a restarted server
        }

        file.Position = _position;
        byte[] buffer = new byte[16 * 1024];
        for (int read; (read = file.Read(buffer)) > 0; _position += read)
        {
            Split(buffer.AsSpan(0, read));
        }
    }

    private void Split(ReadOnlySpan<byte> bytes)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Publish(_rest.Length == 0 ? Encoding.UTF8.GetString(bytes[..end]) : Encoding.UTF8.GetString([.. _rest, .. bytes[..end]]));
            _rest = [];
        }

        _rest = _rest.Length + bytes.Length > MaxLineBytes ? [] : [.. _rest, .. bytes];
    }

    private void Publish(string line)
    {
        if (AccessLogLine.TryParse(line, out AccessLogLine request))
        {
            _observer(request);
        }
    }
}
