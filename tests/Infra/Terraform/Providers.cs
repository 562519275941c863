using System.Text.Json;
using Xunit;

[assembly: AssemblyFixture(typeof(Serverless.Infra.Terraform.Providers))]

namespace Serverless.Infra.Terraform;

/// <summary>The providers of both clouds, for as long as the tests run.</summary>
public sealed class Providers : IAsyncLifetime
{
    private static readonly string[] Names = ["azurerm", "aws"];

    private readonly List<ProviderServer> _servers = [];

    /// <summary>What Terraform finds its providers by (github.com/hashicorp/go-plugin, ReattachConfig).</summary>
    internal string Reattach { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Dictionary<string, object> attached = [];
        foreach (string name in Names)
        {
            ProviderServer server = await ProviderServer.StartAsync(SourceTree.PathOf($"artifacts/infra/{name}.json"));
            _servers.Add(server);
            attached[$"registry.terraform.io/hashicorp/{name}"] = new
            {
                Protocol = "grpc",
                ProtocolVersion = 6,
                Pid = Environment.ProcessId,
                Test = true,
                Addr = new { Network = "tcp", String = $"127.0.0.1:{server.Port}" },
            };
        }
        Reattach = JsonSerializer.Serialize(attached);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ProviderServer server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
