using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Local.Durable;
using Serverless.Local.Host.Functions;
using Serverless.Local.Host.Http;
using Serverless.Local.Host.Settings;
using Serverless.Local.Host.Timers;
using Serverless.Local.Host.Worker;

namespace Serverless.Local.Host;

/// <summary>Puts the official job host together: the WebJobs SDK with its extensions, our timers, and the app's functions.</summary>
internal sealed class JobHostComposition(
    IConfiguration configuration,
    ILoggerFactory loggers,
    TimeProvider time,
    WorkerSupervisor workers,
    WorkerForwarder forwarder,
    Webhooks webhooks,
    HostFault fault,
    string hostId
)
{
    public IHost Build(IReadOnlyList<FunctionDefinition> functions) =>
        new HostBuilder()
            .ConfigureAppConfiguration(builder => builder.AddConfiguration(configuration))
            .ConfigureWebJobs(AddExtensions, options => options.AllowPartialHostStartup = true)
            .ConfigureServices(services =>
            {
                AddFunctions(services, functions);
                AddHostServices(services);
            })
            .Build();

    private void AddExtensions(IWebJobsBuilder builder)
    {
        builder.AddAzureStorageCoreServices();
        builder.AddAzureStorageBlobs();
        builder.AddAzureStorageQueues();
        builder.AddDurableTask();
        builder.AddExecutionContextBinding();
        builder.AddExtension<TimersExtension>();
        builder.Services.AddSingleton<TimerBindingProvider>().AddSingleton<TimerStatusStore>().AddSingleton<HostContainer>();
        builder.Services.AddSqliteDurability(options => options.FilePath = configuration["Durable:SqliteFile"]!);
    }

    private void AddFunctions(IServiceCollection services, IReadOnlyList<FunctionDefinition> functions)
    {
        services.AddSingleton(functions);
        services.AddSingleton(workers);
        services.AddSingleton(forwarder);
        services.AddSingleton(provider => new BindingAttributes(provider.GetRequiredService<IJobHostMetadataProvider>()));
        services.AddSingleton(provider => new Lazy<BindingAttributes>(provider.GetRequiredService<BindingAttributes>));
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<Func<int, object?[], Task<object?>>>(provider => provider.GetRequiredService<FunctionInvoker>().InvokeAsync);
        services.AddSingleton<EmittedFunctions>();
        services.Replace(ServiceDescriptor.Singleton<ITypeLocator>(provider => provider.GetRequiredService<EmittedFunctions>()));
        services.AddSingleton(provider => new JobHostRunner(
            (JobHost)provider.GetRequiredService<IJobHost>(),
            provider.GetRequiredService<EmittedFunctions>()
        ));
    }

    private void AddHostServices(IServiceCollection services)
    {
        services.AddSingleton(time);
        services.AddSingleton(fault);
        services.Replace(ServiceDescriptor.Singleton(loggers));
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoSignalLifetime>());
        services.Replace(ServiceDescriptor.Singleton<IHostIdProvider>(new FixedHostId(hostId)));
        services.Replace(ServiceDescriptor.Singleton<IWebJobsExceptionHandler, JobHostExceptionHandler>());
        services.AddSingleton<IWebHookProvider>(webhooks);
        services.Configure<JobHostFunctionTimeoutOptions>(options =>
        {
            options.Timeout = HostFile.FunctionTimeout(configuration) ?? TimeSpan.Zero;
            options.ThrowOnTimeout = true;
        });
    }
}
