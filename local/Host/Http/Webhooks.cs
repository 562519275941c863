using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Description;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Serverless.Local.Host.Http;

/// <summary>The addresses at which extensions are called from outside, and the extensions behind them.</summary>
internal sealed class Webhooks(KeyRing keys, Uri address) : IWebHookProvider
{
    private readonly ConcurrentDictionary<string, IAsyncConverter<HttpRequestMessage, HttpResponseMessage>> _handlers = new(
        StringComparer.OrdinalIgnoreCase
    );

    public static string KeyName(string extension) => $"{extension.ToLowerInvariant()}_extension";

    public Uri GetUrl(IExtensionConfigProvider extension)
    {
        Type type = extension.GetType();
        string name = (type.GetCustomAttribute<ExtensionAttribute>()?.ConfigurationSection ?? type.Name).ToLowerInvariant();
        _handlers[name] =
            extension as IAsyncConverter<HttpRequestMessage, HttpResponseMessage>
            ?? throw new InvalidOperationException($"The extension {type} asks for a webhook and takes no requests.");
        return new Uri(address, $"runtime/webhooks/{name}?code={keys.SystemKey(KeyName(name))}");
    }

    public IAsyncConverter<HttpRequestMessage, HttpResponseMessage>? Find(string extension) => _handlers.GetValueOrDefault(extension);
}
