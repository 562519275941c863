using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Serving.Residency;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>
/// Keeps models in memory: loads a version when it is first asked for, once for however many callers, within a memory budget that it
/// holds by closing what was used longest ago and is not in use. Of a load that failed the reason is remembered for a while. One for a
/// process; thread-safe.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly InferenceRuntime _runtime;
    private readonly Func<ModelVersion, CancellationToken, Task<string>> _fetch;
    private readonly ServingOptions _options;
    private readonly TimeProvider _time;
    private readonly ResidentModels _residents;
    private readonly ServingMeter _meter = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly BoundedOpening _opening;

    /// <param name="fetch">Gives the folder of a version's package, checked: PackageCache.FetchAsync of the registry.</param>
    public ModelServer(
        InferenceRuntime runtime,
        Func<ModelVersion, CancellationToken, Task<string>> fetch,
        ServingOptions options,
        TimeProvider time
    )
    {
        (_runtime, _fetch, _options, _time) = (runtime, fetch, options, time);
        _opening = new BoundedOpening(options.LoadDeadline, time, _stopping.Token);
        _residents = new ResidentModels(options.MemoryBudgetBytes, options.FailureMemory, time);
        Configured = [.. options.Warm.Select(ParseVersion).Distinct()];
        _residents.KeepWarm(Configured);
        _meter.Observe(
            () => _residents.UsedBytes,
            () =>
                _residents
                    .All.Where(r => r.Model is not null)
                    .Select(r => new Measurement<long>(
                        r.Model!.QueuedCost,
                        new TagList { { "model", r.Version.Name }, { "version", r.Version.Version } }
                    )),
            () => _runtime.Spending
        );
    }

    /// <summary>All that is loaded, loading or remembered as failed.</summary>
    public IReadOnlyList<ResidentModel> Residents => _residents.Snapshot();

    /// <summary>Of all that is loaded: what each has done since then, in this process.</summary>
    public IReadOnlyList<ModelStatistics> Statistics => [.. _residents.All.Select(r => r.Model?.Statistics).OfType<ModelStatistics>()];

    /// <summary>Loaded and warmed up: the next request for it waits for no load.</summary>
    public bool IsReady(ModelVersion version) => _residents.All.Any(r => r.Version == version && r.Model is not null);

    /// <summary>
    /// The model, loaded if it is not yet; a caller who goes while it loads leaves the load to the others. Dispose the lease when answered.
    /// </summary>
    /// <exception cref="ServingException">LoadFailed, with the reason as InnerException; OutOfMemory; Stopping.</exception>
    public async Task<ModelLease> AcquireAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
        {
            throw new ServingException(ServingFault.Stopping, $"Model {version} is not loaded: the server stops.");
        }
        Resident resident = _residents.Enter(version, out bool isNew);
        if (isNew)
        {
            _ = LoadAsync(resident);
        }
        try
        {
            return new ModelLease(await resident.Load.WaitAsync(cancellationToken).ConfigureAwait(false), () =>
                Close(_residents.Leave(resident))
            );
        }
        catch (Exception e)
        {
            Close(_residents.Leave(resident));
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            throw Refusal(resident, e);
        }
    }

    /// <summary>What the options name to be kept warm.</summary>
    public IReadOnlyList<ModelVersion> Configured { get; }

    /// <summary>Once loaded, these stay in memory beside the configured ones, until it is called again.</summary>
    public void KeepWarm(IEnumerable<ModelVersion> versions) => _residents.KeepWarm(Configured.Concat(versions));

    /// <summary>Loads these versions. Returns what failed; a model that fails leaves the others alone.</summary>
    public async Task<IReadOnlyDictionary<ModelVersion, ServingException>> WarmUpAsync(
        IEnumerable<ModelVersion> versions,
        CancellationToken cancellationToken
    )
    {
        var faults = new Dictionary<ModelVersion, ServingException>();
        foreach (ModelVersion version in versions)
        {
            try
            {
                using ModelLease lease = await AcquireAsync(version, cancellationToken).ConfigureAwait(false);
            }
            catch (ServingException e)
            {
                faults.Add(version, e);
            }
        }
        return faults;
    }

    /// <summary>
    /// Forgets a version, also a failure and what of it still goes on: requests that are running end well, later ones load it anew.
    /// </summary>
    public void Unload(ModelVersion version) => Close(_residents.Retire(version));

    /// <summary>What waits is refused, what runs ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        IReadOnlyList<Resident> residents = _residents.All;
        Task loaded = Task.WhenAll(residents.Select(r => Task.WhenAny(r.Load)));
        await Task.WhenAny(loaded, Task.Delay(_options.StopWithin, _time, CancellationToken.None)).ConfigureAwait(false);
        foreach (Resident resident in residents)
        {
            resident.Model?.Dispose();
        }
        _meter.Dispose();
        _stopping.Dispose();
    }

    private static void Close(ServedModel? model)
    {
        if (model is null)
        {
            return;
        }
        model.Dispose();
        NativeHeap.Trim();
    }

    private async Task LoadAsync(Resident resident)
    {
        var modelMeter = new ModelMeter(_meter, resident.Version);
        long start = _time.GetTimestamp();
        TagList tags = modelMeter.Tags();
        try
        {
            string folder = await _fetch(resident.Version, _stopping.Token).ConfigureAwait(false);
            ServedModel model = await OpenAsync(resident, folder, modelMeter).ConfigureAwait(false);
            _meter.LoadTime.Record(_time.GetElapsedTime(start).TotalSeconds, tags);
            tags.Add("outcome", "ok");
            Close(_residents.Succeed(resident, model));
        }
        catch (Exception e)
        {
            tags.Add("outcome", "failed");
            bool isPassing = e is OperationCanceledException or ServingException { Fault: not ServingFault.LoadFailed };
            _residents.Fail(resident, e, isRemembered: !isPassing);
        }
        _meter.Loads.Add(1, tags);
    }

    private async Task<ServedModel> OpenAsync(Resident resident, string folder, ModelMeter modelMeter)
    {
        ModelPackage package = await _opening.RunAsync(resident, _ => ModelPackage.Load(folder, _options.Limits)).ConfigureAwait(false);
        await MakeRoomAsync(resident, MemoryOf(package)).ConfigureAwait(false);
        void TakeOut(BatchOverrun overrun)
        {
            ServedModel? condemned = _residents.Condemn(resident, overrun.Fault, overrun.Ended);
            _ = Task.Run(() => Close(condemned), CancellationToken.None); // which waits for who calls this
        }
        return await _opening
            .RunAsync(resident, cancellationToken =>
                ServedModel.Load(_runtime, package, _options, _time, modelMeter, TakeOut, cancellationToken)
            )
            .ConfigureAwait(false);
    }

    private long MemoryOf(ModelPackage package) =>
        _options.MemoryPerModelBytes + (long)(_options.MemoryPerWeightByte * package.WeightBytes);

    private async Task MakeRoomAsync(Resident resident, long bytes)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            (bool reserved, IReadOnlyList<ServedModel> evicted, Task? retry) = _residents.Reserve(resident, bytes);
            foreach (ServedModel model in evicted)
            {
                Close(model);
            }
            _meter.Evictions.Add(evicted.Count);
            if (reserved)
            {
                return;
            }
            TimeSpan left = _options.RoomWait - _time.GetElapsedTime(start);
            if (retry is null || left <= TimeSpan.Zero)
            {
                throw OutOfMemory(resident.Version, bytes, isPassing: retry is not null);
            }
            await Task.WhenAny(retry, Task.Delay(left, _time, _stopping.Token)).ConfigureAwait(false);
            _stopping.Token.ThrowIfCancellationRequested();
        }
    }

    private ServingException OutOfMemory(ModelVersion version, long bytes, bool isPassing) =>
        new(
            ServingFault.OutOfMemory,
            $"Model {version} needs {bytes} bytes of memory{(isPassing
            ? $", and {_residents.UsedBytes} of the budget of {_options.MemoryBudgetBytes} are taken by models that are in use"
            : $", more than the budget of {_options.MemoryBudgetBytes} leaves beside models that are kept warm")}."
        )
        {
            Found = bytes,
            Allowed = _options.MemoryBudgetBytes,
            RetryAfter = isPassing ? _options.RoomWait : null,
        };

    private ServingException Refusal(Resident resident, Exception fault) =>
        fault switch
        {
            ServingException refusal => new ServingException(refusal.Fault, refusal.Message, refusal)
            {
                Found = refusal.Found,
                Allowed = refusal.Allowed,
                RetryAfter = refusal.RetryAfter,
            },
            OperationCanceledException when _stopping.IsCancellationRequested => new ServingException(
                ServingFault.Stopping,
                $"Model {resident.Version} is not loaded: the server stops."
            ),
            _ => new ServingException(ServingFault.LoadFailed, $"Model {resident.Version} could not be loaded: {fault.Message}", fault)
            {
                // A package that is no good stays so.
                RetryAfter =
                    fault is ModelRejectedException ? null
                    : resident.FailedUntil is { } until && until > _time.GetUtcNow() ? until - _time.GetUtcNow()
                    : TimeSpan.Zero,
            },
        };

    private static ModelVersion ParseVersion(string text) =>
        text.Split('/') is [var name, var number] && int.TryParse(number, out int version)
            ? new ModelVersion(name, version)
            : throw new ArgumentException($"'{text}' does not name a model version; expected name/version, as in entities/1.");
}
