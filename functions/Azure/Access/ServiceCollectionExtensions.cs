using Microsoft.Extensions.DependencyInjection;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Access;

internal static class ServiceCollectionExtensions
{
    /// <summary>Adds who may call what.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddAccess(this IServiceCollection services, Action<AccessOptions>? configure = null)
    {
        AccessOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Access", options));
        _ = options.Follow(current => current); // a file that is wrong is told of at the start
        return services.AddSingleton(options).AddSingleton<AccessCheck>().AddSingleton<ForcedArm>();
    }
}
