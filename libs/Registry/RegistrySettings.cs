using Microsoft.Extensions.Configuration;

namespace Serverless.Registry;

/// <summary>Reads the options from a section of the configuration.</summary>
public static class RegistrySettings
{
    public static void ReadRegistry(this IConfiguration registry, RegistryOptions options)
    {
        // A list that is configured replaces the default one, which binding would add to.
        if (registry.GetSection("Environments").Exists())
        {
            options.Environments.Clear();
        }
        registry.Bind(options);
    }
}
