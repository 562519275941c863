using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Collects an app's services, settings and middleware, and builds the host that runs its functions.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly EmbeddedHostBuilder _host;

    internal FunctionsApplicationBuilder(string[] args) => _host = new EmbeddedHostBuilder(args);

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_host.Web).Properties;

    public ConfigurationManager Configuration => _host.Web.Configuration;

    public IHostEnvironment Environment => _host.Web.Environment;

    public ILoggingBuilder Logging => _host.Web.Logging;

    public IMetricsBuilder Metrics => _host.Web.Metrics;

    public IServiceCollection Services => _host.Web.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    /// <summary>The classes to look for functions in, where they are not those of the entry assembly.</summary>
    internal IReadOnlyList<Type>? FunctionTypes
    {
        get => _host.FunctionTypes;
        set => _host.FunctionTypes = value;
    }

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _host.Middleware.Add(middleware);
        return this;
    }

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => _host.Web.Host.UseServiceProviderFactory(factory).ConfigureContainer<TContainerBuilder>(b => configure?.Invoke(b));

    public IHost Build() => _host.Build();
}
