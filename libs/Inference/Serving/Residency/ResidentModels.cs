using Serverless.Packages;

namespace Serverless.Inference.Serving.Residency;

/// <summary>
/// The models in memory, how many use each and how many bytes are left; all under one lock, which is never held while a model is opened or closed. What
/// must be closed is handed to the caller.
/// </summary>
internal sealed class ResidentModels(long budgetBytes, TimeSpan failureMemory, TimeProvider time)
{
    /// <summary>More remembered failures than this are forgotten, the earliest first.</summary>
    private const int MaxFailures = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<ModelVersion, Resident> residents = [];
    private HashSet<ModelVersion> keptWarm = [];
    private TaskCompletionSource change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long uses;
    private long usedBytes;

    public long UsedBytes
    {
        get
        {
            lock (gate)
                return usedBytes;
        }
    }

    public IReadOnlyList<Resident> All
    {
        get
        {
            lock (gate)
                return [.. residents.Values];
        }
    }

    public IReadOnlyList<ResidentModel> Snapshot()
    {
        lock (gate)
            return [.. residents.Values.Select(r => new ResidentModel(r.Version,
                r.Load.IsCompletedSuccessfully ? ResidentState.Ready : r.Load.IsFaulted ? ResidentState.Failed : ResidentState.Loading,
                r.MemoryBytes, r.Users, keptWarm.Contains(r.Version), r.Load.Exception?.InnerException?.Message))];
    }

    public void KeepWarm(IEnumerable<ModelVersion> versions)
    {
        lock (gate)
            keptWarm = [.. versions];
    }

    /// <summary>Counts the caller as a user; isNew where the caller must start the load.</summary>
    public Resident Enter(ModelVersion version, out bool isNew)
    {
        lock (gate)
        {
            if (residents.TryGetValue(version, out Resident? resident) && resident.FailedUntil <= time.GetUtcNow())
                residents.Remove(version);
            isNew = !residents.TryGetValue(version, out resident);
            if (isNew)
                residents.Add(version, resident = new Resident(version));
            resident!.Users++;
            resident.LastUse = ++uses;
            return resident;
        }
    }

    /// <summary>Returns the model where it is to be closed now.</summary>
    public ServedModel? Leave(Resident resident)
    {
        lock (gate)
        {
            resident.Users--;
            resident.LastUse = ++uses;
            return CloseIfUnused(resident);
        }
    }

    /// <summary>New callers load it anew. Returns the model where it is to be closed now.</summary>
    public ServedModel? Retire(ModelVersion version)
    {
        lock (gate)
            return residents.TryGetValue(version, out Resident? resident) ? Retire(resident) : null;
    }

    public ServedModel? Succeed(Resident resident, ServedModel model)
    {
        lock (gate)
        {
            resident.Succeed(model);
            return CloseIfUnused(resident);
        }
    }

    /// <summary>Where the fault may be gone at once it is not remembered.</summary>
    public void Fail(Resident resident, Exception fault, bool isRemembered)
    {
        lock (gate)
        {
            Free(resident);
            resident.Fail(fault, time.GetUtcNow() + (isRemembered ? failureMemory : TimeSpan.Zero));
            Resident[] failures = [.. residents.Values.Where(r => r.FailedUntil is not null).OrderBy(r => r.FailedUntil)];
            foreach (Resident old in failures.Where((r, i) => r.FailedUntil <= time.GetUtcNow() || i < failures.Length - MaxFailures))
                residents.Remove(old.Version);
        }
    }

    /// <summary>
    /// Reserves memory, retiring what was used longest ago and is neither in use nor kept warm. Where that is not enough now, Retry ends
    /// when something has changed; it is null where the model could not fit beside those that are kept warm.
    /// </summary>
    public (bool Reserved, IReadOnlyList<ServedModel> Evicted, Task? Retry) Reserve(Resident resident, long bytes)
    {
        lock (gate)
        {
            long firm = residents.Values.Where(r => r != resident && keptWarm.Contains(r.Version)).Sum(r => r.MemoryBytes);
            if (bytes > budgetBytes - firm)
                return (false, [], null);
            List<ServedModel> evicted = [];
            while (usedBytes + bytes > budgetBytes && Evictable().MinBy(r => r.LastUse) is { } oldest)
                evicted.Add(Retire(oldest)!);
            if (usedBytes + bytes > budgetBytes)
                return (false, evicted, change.Task);
            usedBytes += resident.MemoryBytes = bytes;
            return (true, evicted, null);
        }
    }

    private IEnumerable<Resident> Evictable() => residents.Values.Where(r => r.Users == 0 && r.Model is not null && !keptWarm.Contains(r.Version));

    private ServedModel? Retire(Resident resident)
    {
        residents.Remove(resident.Version);
        resident.IsRetired = true;
        return CloseIfUnused(resident);
    }

    private ServedModel? CloseIfUnused(Resident resident)
    {
        if (resident.Users == 0)
            Interlocked.Exchange(ref change, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (resident is not { Users: 0, IsRetired: true, Model: { } model, MemoryBytes: > 0 })
            return null;
        Free(resident);
        return model;
    }

    private void Free(Resident resident)
    {
        usedBytes -= resident.MemoryBytes;
        resident.MemoryBytes = 0;
    }
}
