using System.Net;
using Serverless.Local.Stack.Models;

namespace Serverless.Local.Stack;

/// <summary>
/// dev, qa and prod as in a cloud: three deployments, each with stores of its own and serving its environment alone, and one registry, to
/// which dev publishes what is registered there and from which the others fetch what is promoted.
/// </summary>
public sealed class SeparateEnvironments : IAsyncDisposable
{
    private const int PortsApart = 100;

    private readonly List<LocalStack> _stacks = [];

    private SeparateEnvironments(RegistryServer registry) => Registry = registry;

    public RegistryServer Registry { get; }

    /// <summary>dev, qa, prod.</summary>
    public IReadOnlyList<LocalStack> Stacks => _stacks;

    public LocalStack this[string environment] => _stacks.Single(stack => stack.Options.Environment == environment);

    /// <summary>
    /// Over folders named after the environments in that of the options, on ports 100 apart: dev on those of the options. The registry has
    /// the blob port 300 above theirs.
    /// </summary>
    /// <param name="started">Called as soon as each is there.</param>
    public static Task<SeparateEnvironments> StartAsync(
        StackOptions options,
        Action<LocalStack> started,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        StackPorts[] ports = [.. SampleModels.Environments.Select((_, i) => options.Ports.Plus(i * PortsApart))];
        int registryPort = options.Ports.Blob + (ports.Length * PortsApart);
        int highest = Math.Max(ports[^1].FindHighest(), registryPort);
        return highest <= IPEndPoint.MaxPort
            ? StartAsync(options, ports, registryPort, started, time, cancellationToken)
            : throw new StackException(
                $"Separate environments are {PortsApart} ports apart and would need port {highest}; "
                    + $"allowed are up to {IPEndPoint.MaxPort}. Choose lower ones.",
                2
            );
    }

    /// <param name="ports">One set for each environment.</param>
    public static async Task<SeparateEnvironments> StartAsync(
        StackOptions options,
        IReadOnlyList<StackPorts> ports,
        int registryPort,
        Action<LocalStack> started,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        RegistryServer registry = new(Path.Combine(options.DataDirectory, "registry"), registryPort, time);
        SeparateEnvironments all = new(registry);
        try
        {
            foreach ((string environment, StackPorts own) in SampleModels.Environments.Zip(ports))
            {
                bool publishes = environment == SampleModels.Environments[0];
                StackOptions deployment = options with
                {
                    DataDirectory = Path.Combine(options.DataDirectory, environment),
                    Ports = own,
                    Environment = environment,
                    Settings = new Dictionary<string, string>(options.Settings)
                    {
                        ["Registry:Shared:ConnectionString"] = publishes ? registry.WriterConnection : registry.ReaderConnection,
                        ["Registry:Shared:Publishes"] = publishes ? "true" : "false",
                    },
                };
                LocalStack stack = await LocalStack.StartAsync(deployment, time, cancellationToken);
                all._stacks.Add(stack);
                started(stack);
            }
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_stacks.Select(stack => stack.DisposeAsync().AsTask()));
        await Registry.DisposeAsync();
    }
}
