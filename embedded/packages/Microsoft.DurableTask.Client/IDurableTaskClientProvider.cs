namespace Microsoft.DurableTask.Client;

/// <summary>Finds a client by name; the unnamed one is the default.</summary>
public interface IDurableTaskClientProvider
{
    DurableTaskClient GetClient(string? name = null);
}
