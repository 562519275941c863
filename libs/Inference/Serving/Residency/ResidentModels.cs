using Serverless.Packages;

namespace Serverless.Inference.Serving.Residency;

/// <summary>
/// The models in memory, how many use each and how many bytes are left; all under one lock, which is never held while a model is opened or
/// closed. What must be closed is handed to the caller.
/// </summary>
internal sealed class ResidentModels(long budgetBytes, TimeSpan failureMemory, TimeProvider time)
{
    /// <summary>More remembered failures than this are forgotten, the earliest first.</summary>
    private const int MaxFailures = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<ModelVersion, Resident> _residents = [];
    private HashSet<ModelVersion> _keptWarm = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _uses;
    private long _usedBytes;

    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return _usedBytes;
            }
        }
    }

    public IReadOnlyList<Resident> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _residents.Values];
            }
        }
    }

    public IReadOnlyList<ResidentModel> Snapshot()
    {
        lock (_gate)
        {
            return
            [
                .. _residents.Values.Select(r => new ResidentModel(
                    r.Version,
                    r.Load.IsCompletedSuccessfully ? ResidentState.Ready
                        : r.Load.IsFaulted ? ResidentState.Failed
                        : ResidentState.Loading,
                    r.MemoryBytes,
                    r.Users,
                    _keptWarm.Contains(r.Version),
                    r.Load.Exception?.InnerException?.Message
                )),
            ];
        }
    }

    public void KeepWarm(IEnumerable<ModelVersion> versions)
    {
        lock (_gate)
        {
            _keptWarm = [.. versions];
        }
    }

    /// <summary>Counts the caller as a user; isNew where the caller must start the load.</summary>
    public Resident Enter(ModelVersion version, out bool isNew)
    {
        lock (_gate)
        {
            if (_residents.TryGetValue(version, out Resident? resident) && resident.IsOver(time.GetUtcNow()))
            {
                _residents.Remove(version);
            }
            isNew = !_residents.TryGetValue(version, out resident);
            if (isNew)
            {
                _residents.Add(version, resident = new Resident(version));
            }
            resident!.Users++;
            resident.LastUse = ++_uses;
            return resident;
        }
    }

    /// <summary>Returns the model where it is to be closed now.</summary>
    public ServedModel? Leave(Resident resident)
    {
        lock (_gate)
        {
            resident.Users--;
            resident.LastUse = ++_uses;
            return CloseIfUnused(resident);
        }
    }

    /// <summary>New callers load it anew. Returns the model where it is to be closed now.</summary>
    public ServedModel? Retire(ModelVersion version)
    {
        lock (_gate)
        {
            return _residents.TryGetValue(version, out Resident? resident) ? Retire(resident) : null;
        }
    }

    public ServedModel? Succeed(Resident resident, ServedModel model)
    {
        lock (_gate)
        {
            resident.Succeed(model);
            return CloseIfUnused(resident);
        }
    }

    /// <summary>Where the fault may be gone at once it is not remembered.</summary>
    public void Fail(Resident resident, Exception fault, bool isRemembered)
    {
        lock (_gate)
        {
            Free(resident);
            resident.Fail(fault, time.GetUtcNow() + (isRemembered ? failureMemory : TimeSpan.Zero));
            Resident[] failures = [.. _residents.Values.Where(r => r.FailedUntil is not null).OrderBy(r => r.FailedUntil)];
            foreach (Resident old in failures.Where((r, i) => r.IsOver(time.GetUtcNow()) || i < failures.Length - MaxFailures))
            {
                _residents.Remove(old.Version);
            }
        }
    }

    /// <summary>
    /// Takes a model that works no more from its callers: new ones get the reason, until what goes on has ended and the failure is
    /// forgotten. Returns the model where it is to be closed now.
    /// </summary>
    public ServedModel? Condemn(Resident resident, Exception reason, Task stillRunning)
    {
        lock (_gate)
        {
            if (_residents.GetValueOrDefault(resident.Version) != resident)
            {
                return null;
            }
            ServedModel? model = Retire(resident);
            var failed = new Resident(resident.Version) { StillRunning = stillRunning };
            failed.Fail(reason, time.GetUtcNow() + failureMemory);
            _residents.Add(failed.Version, failed);
            return model;
        }
    }

    /// <summary>
    /// Reserves memory, retiring what was used longest ago and is neither in use nor kept warm. Where that is not enough now, Retry ends
    /// when something has changed; it is null where the model could not fit beside those that are kept warm.
    /// </summary>
    public (bool Reserved, IReadOnlyList<ServedModel> Evicted, Task? Retry) Reserve(Resident resident, long bytes)
    {
        lock (_gate)
        {
            long firm = _residents.Values.Where(r => r != resident && _keptWarm.Contains(r.Version)).Sum(r => r.MemoryBytes);
            if (bytes > budgetBytes - firm)
            {
                return (false, [], null);
            }
            List<ServedModel> evicted = [];
            while (_usedBytes + bytes > budgetBytes && Evictable().MinBy(r => r.LastUse) is { } oldest)
            {
                evicted.Add(Retire(oldest)!);
            }
            if (_usedBytes + bytes > budgetBytes)
            {
                return (false, evicted, _change.Task);
            }
            _usedBytes += resident.MemoryBytes = bytes;
            return (true, evicted, null);
        }
    }

    private IEnumerable<Resident> Evictable() =>
        _residents.Values.Where(r => r.Users == 0 && r.Model is not null && !_keptWarm.Contains(r.Version));

    private ServedModel? Retire(Resident resident)
    {
        _residents.Remove(resident.Version);
        resident.IsRetired = true;
        return CloseIfUnused(resident);
    }

    private ServedModel? CloseIfUnused(Resident resident)
    {
        if (resident.Users == 0)
        {
            Interlocked.Exchange(ref _change, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
        if (resident is not { Users: 0, IsRetired: true, Model: { } model, MemoryBytes: > 0 })
        {
            return null;
        }
        Free(resident);
        return model;
    }

    private void Free(Resident resident)
    {
        _usedBytes -= resident.MemoryBytes;
        resident.MemoryBytes = 0;
    }
}
